"""A customer's history and what its months add up to."""

from datetime import UTC, datetime

import pytest
from django.db.transaction import atomic

from wallet.rules.kinds import RecordKind
from wallet.rules.postings import suspense_in_legs
from wallet.selectors.records import month_totals, records_of
from wallet.services.ledger import PostedJournal, post_journal
from wallet.services.records import write_record
from wallet.tests.factories import make_wallet, new_key

pytestmark = pytest.mark.django_db


def add_line(wallet, *, kind, amount, at):
    """A line at a moment of our choosing."""
    posted = post_journal(kind="suspense_in", key=new_key(), legs=suspense_in_legs(amount=amount))
    journal = PostedJournal(posted.journal_id, at, replayed=False, balances={})
    with atomic():
        return write_record(
            wallet_id=wallet.pk,
            journal=journal,
            kind=kind,
            title="测试",
            reference="D1",
            channel_amount=amount,
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


def test_a_history_is_filtered_by_kind_and_by_shanghai_month(lines):
    wallet, [top_up, first, second, refund] = lines

    assert list(records_of(wallet.user_id, kind="payment")) == [second, first]
    assert list(records_of(wallet.user_id, month="2026-11")) == [top_up]
    assert list(records_of(wallet.user_id, month="2026-12", kind="refund")) == [refund]


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
