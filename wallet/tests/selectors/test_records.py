"""A customer's history and what its months add up to."""

from datetime import UTC, datetime

import pytest
from django.db.transaction import atomic

from wallet.rules.kinds import RecordKind
from wallet.rules.postings import suspense_in_legs
from wallet.selectors.records import Wanted, month_totals, record_for, records_of
from wallet.services.ledger import PostedJournal, post_journal
from wallet.services.records import write_record
from wallet.tests.factories import make_wallet, new_key
from wallet_project.kit.errors import NotFound

pytestmark = pytest.mark.django_db


def add_line(wallet, *, kind, amount, at, reference="D1", **more):
    """A line at a moment of our choosing."""
    posted = post_journal(kind="suspense_in", key=new_key(), legs=suspense_in_legs(amount=amount))
    journal = PostedJournal(posted.journal_id, at, replayed=False, balances={})
    with atomic():
        return write_record(
            wallet_id=wallet.pk,
            journal=journal,
            kind=kind,
            title="测试",
            reference=reference,
            channel_amount=amount,
            **more,
        )


@pytest.fixture
def lines():
    """Three lines about the turn of a Shanghai month, and somebody else's."""
    wallet = make_wallet()
    add_line(make_wallet(), kind=RecordKind.PAYMENT, amount=9, at=datetime(2026, 11, 30, 15, tzinfo=UTC))
    return wallet, [
        add_line(
            wallet, kind=RecordKind.TOP_UP, amount=500, at=datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
        ),
        add_line(wallet, kind=RecordKind.PAYMENT, amount=300, at=datetime(2026, 11, 30, 16, tzinfo=UTC)),
        add_line(wallet, kind=RecordKind.PAYMENT, amount=40, at=datetime(2026, 12, 1, tzinfo=UTC)),
        add_line(wallet, kind=RecordKind.REFUND, amount=7, at=datetime(2026, 12, 2, tzinfo=UTC)),
    ]


def test_a_history_is_ones_own_and_newest_first(lines):
    wallet, own = lines

    assert list(records_of(wallet.user_id)) == own[::-1]


def found(wallet, **wishes):
    return list(records_of(wallet.user_id, Wanted(**wishes)))


def test_a_history_is_filtered_by_kind_and_by_shanghai_month(lines):
    wallet, [top_up, first, second, refund] = lines

    assert found(wallet, kinds=("payment",)) == [second, first]
    assert found(wallet, kinds=("payment", "refund")) == [refund, second, first]
    assert found(wallet, month="2026-11") == [top_up]
    assert found(wallet, month="2026-12", kinds=("refund",)) == [refund]


def test_a_history_is_narrowed_by_time_amount_and_direction(lines):
    wallet, [top_up, first, second, refund] = lines
    midnight = datetime(2026, 11, 30, 16, tzinfo=UTC)

    assert found(wallet, before=midnight) == [top_up]
    assert found(wallet, since=midnight, before=second.occurred_at) == [first]
    assert found(wallet, amount_from=40, amount_to=300) == [second, first]
    assert found(wallet, amount_to=0) == []
    assert found(wallet, direction="in") == [refund, top_up]


def test_a_history_is_searched_letter_by_letter():
    wallet, now = make_wallet(), datetime(2026, 11, 30, tzinfo=UTC)
    names = ["人民路店 Latte", "100%果汁", "a_b", r"C:\temp", "100 果汁", "axb"]
    told = dict.fromkeys(["kind"], RecordKind.PAYMENT) | {"amount": 1, "at": now}
    written = {name: add_line(wallet, counterparty_name=name, **told) for name in names}
    by_number = add_line(wallet, reference="O261121201530123Q7K0M2Z9XWDAX", **told)

    assert found(wallet, text="latte") == [written["人民路店 Latte"]]
    assert found(wallet, text="0%") == [written["100%果汁"]]
    assert found(wallet, text="a_b") == [written["a_b"]]
    assert found(wallet, text="\\") == [written[r"C:\temp"]]
    assert found(wallet, text="20153012") == [by_number]
    assert len(found(wallet, text="测试")) == 7  # the title of them all
    assert found(wallet, text="%") == [written["100%果汁"]]


def test_a_history_is_narrowed_to_one_counterparty():
    wallet, now = make_wallet(), datetime(2026, 11, 30, tzinfo=UTC)
    mine = add_line(wallet, kind=RecordKind.PAYMENT, amount=1, at=now, counterparty="store:a")
    add_line(wallet, kind=RecordKind.PAYMENT, amount=1, at=now, counterparty="store:ab")

    assert found(wallet, counterparty="store:a") == [mine]


@pytest.mark.parametrize("record_id", [0, 2**63, 10**30])
def test_what_is_no_line_is_not_found(record_id):
    with pytest.raises(NotFound):
        record_for(user_id=make_wallet().user_id, record_id=record_id)


def test_a_month_adds_up(lines, django_assert_num_queries):
    wallet, _own = lines

    with django_assert_num_queries(1):
        december = month_totals(wallet.user_id, "2026-12")

    assert (december.income, december.expense) == (7, 340)
    assert [(total.kind, total.amount, total.count) for total in december.kinds] == [
        ("payment", 340, 2),
        ("refund", 7, 1),
    ]
    november = month_totals(wallet.user_id, "2026-11")
    assert (november.income, november.expense) == (500, 0)
    assert month_totals(wallet.user_id, "2026-10").kinds == []
