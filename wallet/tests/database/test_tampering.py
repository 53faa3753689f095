"""A superuser goes round the ledger's guards; check_ledger finds it. Everything is put back."""

import pytest
from django.db import transaction

from accounts.models import User
from accounts.rules.kyc import KycLevel
from wallet.models import Entry, Journal
from wallet.rules.chart import platform_account_id
from wallet.rules.postings import order_payment_legs, top_up_legs
from wallet.services import integrity
from wallet.services.adjustments import propose_adjustment
from wallet.services.bills import BillMoney, book_bill, hold_for_bill, return_bill
from wallet.services.freezes import freeze_wallet
from wallet.services.holds import capture_hold, place_hold
from wallet.services.integrity import check_ledger
from wallet.services.ledger import post_journal, reverse_journal
from wallet.services.quotes import make_quote
from wallet.services.red_packets import open_red_packet
from wallet.services.refunds import RefundMoney, book_refund, settle_refund
from wallet.services.spending import book_payment
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.services.withdrawals import open_withdrawal
from wallet.tests.dealings import send, send_to_wait, somebody
from wallet.tests.factories import account_of, make_wallet, new_key, seal_everything
from wallet.tests.packets import send_packet
from wallet.tests.tampering import tampered
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock, context
from wallet_project.kit.money import Fen
from wallet_project.kit.testing.plugin import among_the_committed

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker):
    """One of everything that the check looks at, sealed. Names → what the tampering statements need."""
    with django_db_blocker.unblock(), among_the_committed(), context.acting():
        return built_town()


def built_town():
    make_wallet(principal=1)  # is there before, on an empty database, too
    before = check_ledger().upto
    wallet = make_wallet(principal=100)
    quiet = make_wallet(principal=10)
    post_journal(kind="top_up", key=new_key(), legs=top_up_legs(wallet_id=quiet.pk, amount=5))
    top_up = open_top_up(wallet_id=wallet.pk, amount=1_600)
    with transaction.atomic():
        credit_top_up(number=top_up.number, key=new_key("wx:pay"), facts={})
    hold = place_hold(wallet_id=wallet.pk, amount=300, key=new_key("hold"), reference="D1")
    with transaction.atomic():
        paid = book_payment(
            user_id=wallet.user_id,
            hold_id=hold.pk,
            balance=hold.amount,
            channel_amount=50,
            key=new_key("order"),
            reference="D1",
            title="饭",
            counterparty="store:renmin",
            counterparty_name="人民路店",
            facts={},
        )
    refunded = refunded_in_part(wallet)
    opened = place_hold(wallet_id=wallet.pk, amount=200, key=new_key("hold"), reference="D2")
    legs = order_payment_legs(balance=80, channel=0)
    part = capture_hold(hold_id=opened.pk, kind="order_payment", key=new_key("part"), legs=legs)
    back = reverse_journal(journal_id=part.journal_id, key=new_key("back"), reason="错")
    payer, payee = somebody(500), somebody()
    sent, waiting = send(payer, payee, 100), send_to_wait(payer, payee, 50)
    withdrawal = withdrawal_of(payer, 200)
    adjustment = adjusted(payer.wallet, 30)
    packet = send_packet(somebody(100, level=KycLevel.I), amount=100, count=2, kind="fixed")
    open_red_packet(user_id=somebody(level=KycLevel.I).id, token=packet.token)
    bill = BillMoney(
        user_id=wallet.user_id,
        number=new_key(),
        amount=Fen(60),
        fee=Fen(0),
        title="电费",
        biller="power",
        biller_name="城市供电公司",
    )
    with transaction.atomic():
        promised = hold_for_bill(user_id=wallet.user_id, amount=bill.amount, fee=bill.fee, number=bill.number)
        journal_id = book_bill(bill, hold_id=promised.pk).journal_id
        returned = return_bill(bill, journal_id=journal_id)
    seal_everything()
    return {
        "before": before,
        "account": account_of(wallet).pk,
        "quiet": account_of(quiet).pk,
        "wallet": wallet.pk,
        "journal": paid.journal_id,
        "reversal": back.journal_id,
        "returned": returned.journal_id,
        "refunded": refunded,
        "hold": opened.pk,
        "top_up": top_up.pk,
        "sent": sent.pk,
        "waiting": waiting.pk,
        "withdrawal": withdrawal.pk,
        "adjustment": adjustment.pk,
        "red_packet": packet.pk,
        "pool": platform_account_id("red_packet_pool", key=packet.number),
    }


def refunded_in_part(wallet) -> int:
    """20 of the order that was paid; 10 of them through WeChat, which gave them back: the journal of that."""
    number = new_key()
    money = RefundMoney(
        user_id=wallet.user_id,
        number=number,
        order_no="D1",
        back={"principal": Fen(10)},
        channel=Fen(10),
        title="饭",
        counterparty="store:renmin",
        counterparty_name="人民路店",
    )
    with transaction.atomic():
        book_refund(money)
        settle_refund(amount=Fen(10), number=number, refund_id="50001")
    return Journal.objects.get(key=f"refund_settled:{number}").pk


def withdrawal_of(person, amount):
    quote = make_quote(user_id=person.id, kind="withdraw", amount=amount, facts={})
    with transaction.atomic():
        return open_withdrawal(
            user_id=person.id,
            wallet_id=person.wallet.pk,
            amount=amount,
            quote_id=quote.public_id,
            at=clock.now(),
        )


def adjusted(wallet, amount):
    maker, checker = (
        User.objects.create(username=new_key("staff"), is_staff=True, is_superuser=True) for _ in range(2)
    )
    adjustment = propose_adjustment(
        wallet_id=wallet.pk,
        colour="principal",
        amount=amount,
        cause="FAILED_SERVICE",
        ticket="T-2026-001",
        note="门店重复扣款的补偿",
        maker_id=maker.pk,
    )
    proposal = Proposal.objects.get(subject=f"adjustment:{adjustment.number}")
    approve(proposal_id=proposal.pk, checker_id=checker.pk)
    return adjustment


CASES = {
    "a changed amount": (
        ["UPDATE wallet_entry SET amount = amount + 1 WHERE journal_id = %(journal)s AND amount > 0"],
        {"sum to zero", "add up", "as they were"},
    ),
    "a bill that came back and was never paid": (
        ["UPDATE wallet_journal SET reference = 'B0' WHERE id = %(returned)s"],
        {"waits for billers", "as they were"},
    ),
    "a refund that WeChat gave back and nobody decided": (
        ["UPDATE wallet_journal SET reference = 'D0' WHERE id = %(refunded)s"],
        {"waits to be refunded", "as they were"},
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
        ["UPDATE wallet_ledgeraccount SET closed = true WHERE wallet_id = %(wallet)s AND code = 'bonus'"],
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
    "a lot that lost something": (
        ["UPDATE wallet_lot SET remaining = remaining - 1 WHERE account_id = %(account)s"],
        {"what it says has a source", "less what entries took"},
    ),
    "money that lost its source": (
        [
            "UPDATE wallet_lot SET remaining = remaining - 1 WHERE account_id = %(account)s",
            "UPDATE wallet_ledgeraccount SET sourced = sourced - 1 WHERE id = %(account)s",
        ],
        {"less what entries took"},
    ),
    "an account that says more of it has a source": (
        ["UPDATE wallet_ledgeraccount SET sourced = sourced + 1 WHERE id = %(account)s"],
        {"what it says has a source"},
    ),
    "a lot of more than its top-up": (
        ["UPDATE wallet_lot SET amount = amount + 1 WHERE account_id = %(account)s"],
        {"never got more than its journal", "less what entries took"},
    ),
    "an entry that names another amount of its lot": (
        [
            "UPDATE wallet_entry SET lots[2] = lots[2] - 200"
            " WHERE journal_id = %(journal)s AND lots IS NOT NULL"
        ],
        {"within its amount", "less what entries took", "as they were"},
    ),
    "a customer who may go below zero": (
        ["UPDATE wallet_ledgeraccount SET allow_negative = true WHERE id = %(account)s"],
        {"as the chart says"},
    ),
    "an account stopped behind its wallet's back": (
        ["UPDATE wallet_ledgeraccount SET frozen = true WHERE id = %(account)s"],
        {"stopped as its wallet"},
    ),
    "another past": (
        ["UPDATE wallet_entry SET balance_after = 11 WHERE account_id = %(quiet)s AND version = 1"],
        {"for a moment of the past", "add up", "as they were"},
    ),
    "a transfer of more than arrived": (
        ["UPDATE wallet_transfer SET amount = amount + 1 WHERE id = %(sent)s"],
        {"reached the other"},
    ),
    "a transfer to somebody else": (
        ["UPDATE wallet_transfer SET receiver_id = 1 WHERE id = %(sent)s"],
        {"reached the other"},
    ),
    "a transfer that waits for more than is held": (
        ["UPDATE wallet_transfer SET fee = fee + 1 WHERE id = %(waiting)s"],
        {"waiting transfer is held"},
    ),
    "a withdrawal of more than is held": (
        ["UPDATE wallet_withdrawal SET amount = amount + 1 WHERE id = %(withdrawal)s"],
        {"left for a withdrawal is held"},
    ),
    "a withdrawal whose fee nobody paid": (
        ["UPDATE wallet_withdrawal SET fee = fee + 1, fee_paid = 1 WHERE id = %(withdrawal)s"],
        {"left for a withdrawal is held"},
    ),
    "an adjustment that two people never agreed on": (
        ["UPDATE wallet_adjustment SET amount = amount + 1 WHERE id = %(adjustment)s"],
        {"two people agreed"},
    ),
    "a share that grew before anybody took it": (
        [
            "UPDATE wallet_redpacketshare SET amount = amount + 1"
            " WHERE packet_id = %(red_packet)s AND position = 2"
        ],
        {"what its shares say", "what nobody has taken"},
    ),
    "a red packet that says less was opened": (
        ["UPDATE wallet_redpacket SET opened_amount = opened_amount - 1 WHERE id = %(red_packet)s"],
        {"what its shares say"},
    ),
    "a pool that leaks from one slot into another": (
        [
            "UPDATE wallet_ledgeraccount SET balance = balance - 1 WHERE id = %(pool)s",
            "UPDATE wallet_ledgeraccount SET balance = balance + 1 WHERE id = 9000000000000500",
        ],
        {"its last entry", "what nobody has taken"},
    ),
    "a tail cut off the chain, with its journals": (
        [
            "DELETE FROM wallet_seal WHERE height = (SELECT max(height) FROM wallet_seal)",
            "INSERT INTO wallet_seal"
            " SELECT coalesce(max(height), 0) + 2, 9223372036854775807, 0, '', now() FROM wallet_seal",
        ],
        {"as they were"},
    ),
}


# What only the whole ledger can be asked; and an account that nobody touched is not looked at in between.
NIGHTLY = {"less what entries took", "for a moment of the past", "closed wallet is empty"}


@pytest.fixture(autouse=True)
def _every_account_is_sampled(monkeypatch):
    monkeypatch.setattr(integrity, "_SAMPLED_ACCOUNTS", 1_000_000)


def test_a_sound_ledger_is_found_sound(town):
    everything, new = check_ledger(), check_ledger(since=town["before"])

    assert everything.findings == new.findings == []
    assert everything.head == new.head != ""
    nightly = sum(sentence.nightly for sentence in integrity.SENTENCES)
    assert len(everything.holds_true) == len(integrity.SENTENCES) == len(new.holds_true) + nightly
    fresh = Journal.objects.filter(xid__gte=town["before"].transaction)
    assert (new.journals, everything.journals) == (fresh.count(), Journal.objects.count())
    assert new.entries == Entry.objects.filter(journal__in=fresh).count()


def test_what_was_frozen_and_closed_is_sound(committed_db):
    wallet = make_wallet(principal=1)
    freeze_wallet(wallet_id=wallet.pk, reason="公安协查")

    assert check_ledger().findings == []


@pytest.mark.parametrize("case", CASES)
def test_what_was_tampered_with_is_found(case, town, owner_cursor):
    statements, expected = CASES[case]

    try:
        with tampered(owner_cursor, statements, town):
            everything, new = check_ledger(), check_ledger(since=town["before"])
    finally:
        if case == "an account below zero":
            owner_cursor.execute(
                "ALTER TABLE wallet_ledgeraccount ADD CONSTRAINT ledger_account_is_never_overdrawn"
                " CHECK (held >= 0 AND (allow_negative OR balance >= held))"
            )

    assert parts_found(everything, expected) == expected
    # Whoever else is writing on this server moves the start back, so it may see a little more.
    assert expected - NIGHTLY <= parts_found(new, expected)
    assert check_ledger().findings == []


def parts_found(report, parts):
    sentences = [finding.sentence for finding in report.findings]
    return {part for part in parts if any(part in sentence for sentence in sentences)}


def test_what_lies_before_its_range_a_look_at_what_is_new_does_not_see(town, owner_cursor):
    later = check_ledger().upto

    with tampered(owner_cursor, CASES["a changed amount"][0], town):
        assert check_ledger(since=later).findings == []
        assert check_ledger().findings != []
