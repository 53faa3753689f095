"""A superuser goes round the ledger's guards; check_ledger finds it. Everything is put back."""

from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from wallet.rules.postings import order_payment_legs
from wallet.services.holds import capture_hold, place_hold
from wallet.services.integrity import check_ledger
from wallet.services.ledger import reverse_journal
from wallet.services.spending import book_payment
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.tests.factories import account_of, make_wallet, new_key, seal_everything

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


@pytest.fixture
def town(committed_db):
    """One of everything that the check looks at, sealed. Names → what the tampering statements need."""
    wallet = make_wallet(principal=1_000)
    top_up = open_top_up(wallet_id=wallet.pk, amount=700)
    with transaction.atomic():
        credit_top_up(number=top_up.number, key=new_key("wx:pay"), facts={})
    hold = place_hold(wallet_id=wallet.pk, amount=300, key=new_key("hold"), reference="D1")
    with transaction.atomic():
        paid = book_payment(
            user_id=wallet.user_id,
            hold_id=hold.pk,
            channel_amount=50,
            key=new_key("order"),
            reference="D1",
            title="饭",
            counterparty="store:renmin",
            counterparty_name="人民路店",
            facts={},
        )
    opened = place_hold(wallet_id=wallet.pk, amount=200, key=new_key("hold"), reference="D2")
    legs = order_payment_legs(balance=80, channel=0)
    part = capture_hold(hold_id=opened.pk, kind="order_payment", key=new_key("part"), legs=legs)
    back = reverse_journal(journal_id=part.journal_id, key=new_key("back"), reason="错")
    seal_everything()
    return {
        "account": account_of(wallet).pk,
        "wallet": wallet.pk,
        "journal": paid.journal_id,
        "reversal": back.journal_id,
        "hold": opened.pk,
        "top_up": top_up.pk,
    }


@contextmanager
def tampered(owner, statements, town):
    """Run statements with every guard off, and put the touched tables back as they were."""
    tables = ("ledgeraccount", "journal", "entry", "hold", "holdevent", "record", "topup", "seal")
    owner.execute("SET session_replication_role = replica")
    for table in tables:
        owner.execute(f"CREATE TEMPORARY TABLE kept_{table} AS TABLE public.wallet_{table}")
    try:
        for statement in statements:
            owner.execute(statement, town)
            assert owner.rowcount != 0, statement
        yield
    finally:
        for table in tables:
            owner.execute(f"DELETE FROM public.wallet_{table}")  # noqa: S608 - the names are ours
            owner.execute(f"INSERT INTO public.wallet_{table} OVERRIDING SYSTEM VALUE TABLE kept_{table}")
            owner.execute(f"DROP TABLE kept_{table}")
        owner.execute("SET session_replication_role = origin")


CASES = {
    "a changed amount": (
        ["UPDATE wallet_entry SET amount = amount + 1 WHERE journal_id = %(journal)s AND amount > 0"],
        {"sum to zero", "add up", "its last entry", "as they were"},
    ),
    "a journal that vanished": (
        [
            "DELETE FROM wallet_entry WHERE journal_id = %(journal)s",
            "DELETE FROM wallet_journal WHERE id = %(journal)s",
        ],
        {"its last entry", "left the account", "record agrees", "as they were"},
    ),
    "a journal without entries": (
        ["DELETE FROM wallet_entry WHERE journal_id = %(journal)s"],
        {"two legs or more", "its last entry", "as they were"},
    ),
    "entries whose journal vanished": (
        ["DELETE FROM wallet_journal WHERE id = %(journal)s"],
        {"its journal and its account", "as they were"},
    ),
    "an account that vanished": (
        ["DELETE FROM wallet_ledgeraccount WHERE id = %(account)s"],
        {"its journal and its account", "trial balance"},
    ),
    "a key that was rewritten": (
        ["UPDATE wallet_journal SET key = key || '!' WHERE id = %(journal)s"],
        {"as they were"},
    ),
    "a fact that was rewritten": (
        ["""UPDATE wallet_journal SET facts = '{"a": 1}' WHERE id = %(journal)s"""],
        {"as they were"},
    ),
    "a journal at another time": (
        ["UPDATE wallet_entry SET at = at - interval '1 day' WHERE journal_id = %(journal)s"],
        {"never go back in time", "as they were"},
    ),
    "a richer customer": (
        ["UPDATE wallet_ledgeraccount SET balance = balance + 1 WHERE id = %(account)s"],
        {"its last entry", "trial balance"},
    ),
    "money made out of nothing, on both sides": (
        [
            "UPDATE wallet_ledgeraccount SET balance = balance + 1 WHERE id = %(account)s",
            "UPDATE wallet_ledgeraccount SET balance = balance - 1 WHERE id = 9000000000000100",
        ],
        {"its last entry"},
    ),
    "an account that closed without its wallet": (
        ["UPDATE wallet_ledgeraccount SET closed = true WHERE wallet_id = %(wallet)s AND balance = 0"],
        {"closed wallet is empty"},
    ),
    "a hold forgotten on the account": (
        ["UPDATE wallet_ledgeraccount SET held = 0 WHERE id = %(account)s"],
        {"what its open holds say"},
    ),
    "an account below zero": (
        [
            "ALTER TABLE wallet_ledgeraccount DROP CONSTRAINT ledger_account_is_never_overdrawn",
            "UPDATE wallet_ledgeraccount SET balance = -1 WHERE id = %(account)s",
        ],
        {"no account is overdrawn", "its last entry"},
    ),
    "a hold that says it was used": (
        ["UPDATE wallet_hold SET captured = captured + 1 WHERE id = %(hold)s"],
        {"what its events say"},
    ),
    "a hold event that vanished": (
        ["DELETE FROM wallet_holdevent WHERE hold_id = %(hold)s AND kind = 'captured'"],
        {"what its events say", "what its open holds say"},
    ),
    "an account in another book": (
        ["UPDATE wallet_ledgeraccount SET book_id = 2 WHERE id = %(account)s"],
        {"one book", "trial balance"},
    ),
    "a reversal of something else": (
        ["UPDATE wallet_journal SET reverses_id = %(journal)s WHERE id = %(reversal)s"],
        {"mirrors", "as they were"},
    ),
    "a record that flatters": (
        ["UPDATE wallet_record SET balance_amount = 1, amount = 51 WHERE journal_id = %(journal)s"],
        {"record agrees"},
    ),
    "a top-up of more than arrived": (
        ["UPDATE wallet_topup SET amount = amount + 1 WHERE id = %(top_up)s"],
        {"credited top-up"},
    ),
    "a tail cut off the chain, with its journals": (
        [
            "DELETE FROM wallet_seal WHERE height = (SELECT max(height) FROM wallet_seal)",
            "INSERT INTO wallet_seal SELECT coalesce(max(height), 0) + 2, 0, 0, '', now() FROM wallet_seal",
        ],
        {"as they were"},
    ),
}


def test_a_sound_ledger_is_found_sound(town):
    report = check_ledger()

    assert report.findings == []
    assert report.head
    assert len(report.holds_true) == 15


@pytest.mark.parametrize("case", CASES)
def test_what_was_tampered_with_is_found(case, town, owner_cursor):
    statements, expected = CASES[case]

    try:
        with tampered(owner_cursor, statements, town):
            report = check_ledger()
    finally:
        if case == "an account below zero":
            owner_cursor.execute(
                "ALTER TABLE wallet_ledgeraccount ADD CONSTRAINT ledger_account_is_never_overdrawn"
                " CHECK (held >= 0 AND (allow_negative OR balance >= held))"
            )

    sentences = [finding.sentence for finding in report.findings]
    assert {part for part in expected if any(part in sentence for sentence in sentences)} == expected
    assert check_ledger().findings == []


def test_the_command_says_what_is_broken_and_fails(town, owner_cursor):
    out = StringIO()

    with tampered(owner_cursor, CASES["a richer customer"][0], town), pytest.raises(CommandError):
        call_command("check_ledger", stdout=out)

    assert f"✗ an account's balance is that of its last entry: 1 do not ({town['account']})" in out.getvalue()
    assert "✓ no account is overdrawn" in out.getvalue()


def test_a_chain_rebuilt_from_the_start_does_not_contain_the_published_head(town, owner_cursor):
    published = check_ledger().head
    call_command("check_ledger", head=published, stdout=StringIO())
    rebuild = [
        "UPDATE wallet_journal SET reference = 'D9' WHERE id = %(journal)s",
        "DELETE FROM wallet_seal",
        "SELECT ledger_seal(1000000)",
    ]

    with tampered(owner_cursor, rebuild, town):
        assert check_ledger().findings == []
        with pytest.raises(CommandError):
            call_command("check_ledger", head=published, stdout=StringIO())
