"""Where somebody's money went, to the fen, in a known number of queries."""

from datetime import UTC, datetime, timedelta

import pytest

from wallet.rules.unusual import Oddity
from wallet.selectors.analysis import WHOLE, analysis_of
from wallet.selectors.periods import month_period, period_before, year_period
from wallet.selectors.records import month_totals
from wallet.services.categories import correct_category
from wallet.tests.factories import make_wallet
from wallet.tests.histories import add_line
from wallet_project.kit.clock import SHANGHAI

pytestmark = pytest.mark.django_db

LATER = datetime(2027, 1, 15, tzinfo=UTC)


def shanghai(*when):
    return datetime(*when, tzinfo=SHANGHAI)


def november(wallet, *, at=LATER):
    return analysis_of(wallet.user_id, month_period("2026-11"), at=at)


@pytest.fixture
def wallet():
    """November: 300 food (50 back), 200 shopping; October: 400 food. And money that is no spending."""
    wallet = make_wallet()
    add_line(wallet, 400, title="咖啡", store="renmin", at=shanghai(2026, 10, 31, 23, 59, 59))
    add_line(wallet, 300, title="咖啡", store="renmin", at=shanghai(2026, 11, 1), reference="O1")
    add_line(wallet, 50, kind="refund", at=shanghai(2026, 11, 2, 12), reference="O1", store="renmin")
    add_line(wallet, 120, title="超市", store="xinmin", at=shanghai(2026, 11, 20, 12))
    add_line(wallet, 80, title="超市", at=shanghai(2026, 11, 30, 23, 59, 59))
    add_line(wallet, 70, kind="transfer_in", title="收到转账", at=shanghai(2026, 11, 5))
    add_line(wallet, 9_000, kind="top_up", title="充值", at=shanghai(2026, 11, 3))
    add_line(wallet, 2_000, kind="withdrawal", title="提现", at=shanghai(2026, 11, 4))
    add_line(wallet, 5, title="咖啡", at=shanghai(2026, 12, 1))
    add_line(make_wallet(), 77_777, title="咖啡", at=shanghai(2026, 11, 9))
    return wallet


def test_a_month_is_told_by_category(wallet):
    told = november(wallet)

    assert (told.spent, told.returned, told.net) == (500, 50, 450)
    assert (told.income, told.moved_in, told.moved_out) == (70, 9_000, 2_000)
    assert [
        (row.category.code, row.spent, row.returned, row.net, row.count, row.share, row.net_before)
        for row in told.categories
    ] == [("food", 300, 50, 250, 1, 5_555, 400), ("shopping", 200, 0, 200, 2, 4_445, 0)]
    assert sum(row.share for row in told.categories) == WHOLE


def test_all_of_it_is_what_the_records_of_the_month_add_up_to(wallet):
    for month in ("2026-10", "2026-11", "2026-12"):
        told = analysis_of(wallet.user_id, month_period(month), at=LATER)
        totals = month_totals(wallet.user_id, month)

        assert told.spent + told.moved_out == totals.expense
        assert told.returned + told.income + told.moved_in == totals.income
        assert sum(row.net for row in told.categories) == told.net == told.trend[-1].net


def test_a_year_is_the_sum_of_its_months(wallet):
    told = analysis_of(wallet.user_id, year_period("2026"), at=LATER)

    assert (told.spent, told.returned, told.net, told.income) == (905, 50, 855, 70)
    assert [(row.category.code, row.net, row.count) for row in told.categories] == [
        ("food", 655, 3),
        ("shopping", 200, 2),
    ]
    assert [(row.month, row.net) for row in told.trend if row.net] == [
        ("2026-10", 400),
        ("2026-11", 450),
        ("2026-12", 5),
    ]
    assert told.before.period == "2025"
    assert [record.amount for record in told.largest] == [400, 300, 120, 80, 5]
    assert told.unusual == []


def test_the_trend_is_twelve_months_up_to_this_one(wallet):
    trend = november(wallet).trend

    assert [row.month for row in trend][::11] == ["2025-12", "2026-11"]
    assert [(row.net, row.income) for row in trend[-2:]] == [(400, 0), (450, 70)]


def test_payees_are_those_who_were_paid_most_after_what_came_back(wallet):
    add_line(wallet, 40, title="退货", store="returned", at=shanghai(2026, 11, 6), reference="O9")
    add_line(wallet, 40, kind="refund", store="returned", at=shanghai(2026, 11, 6), reference="O9")

    assert [(row.name, row.net, row.count) for row in november(wallet).payees] == [
        ("renmin店", 250, 1),
        ("xinmin店", 120, 1),
    ]


def test_a_running_month_is_compared_with_as_much_of_the_last_one():
    wallet = make_wallet()
    for day, amount in ((1, 10), (10, 20), (20, 40), (31, 80)):
        add_line(wallet, amount, title="咖啡", at=shanghai(2026, 10, day, 12))
    add_line(wallet, 5, title="咖啡", at=shanghai(2026, 11, 3))

    on_the_tenth = november(wallet, at=shanghai(2026, 11, 10, 12, 0, 1))
    in_the_morning = november(wallet, at=shanghai(2026, 11, 10, 11))
    on_the_last = november(wallet, at=shanghai(2026, 11, 30, 23))

    assert on_the_tenth.is_running
    assert (on_the_tenth.before.net, on_the_tenth.before.net_so_far) == (150, 30)
    assert on_the_tenth.categories[0].net_before_so_far == 30
    assert in_the_morning.before.net_so_far == 10
    assert on_the_last.before.net_so_far == 70
    assert november(wallet, at=shanghai(2026, 12, 1)).before.net_so_far is None


def test_a_long_month_is_compared_with_all_of_a_short_one():
    wallet = make_wallet()
    add_line(wallet, 10, at=shanghai(2027, 2, 28, 23))
    add_line(wallet, 99, at=shanghai(2027, 3, 1))

    told = analysis_of(wallet.user_id, month_period("2027-03"), at=shanghai(2027, 3, 31, 12))

    assert (told.before.net, told.before.net_so_far) == (10, 10)


def test_what_the_owner_files_elsewhere_is_told_there(wallet):
    coffee = next(record for record in november(wallet).largest if record.amount == 300)

    correct_category(user_id=wallet.user_id, record_id=coffee.pk, category="people", for_later=False)

    told = {row.category.code: (row.net, row.net_before) for row in november(wallet).categories}
    assert told == {"people": (250, 0), "shopping": (200, 0), "food": (0, 400)}


def test_more_may_come_back_than_was_spent():
    wallet = make_wallet()
    add_line(wallet, 500, title="超市", at=shanghai(2026, 10, 9), reference="O1")
    add_line(wallet, 500, kind="refund", at=shanghai(2026, 11, 9), reference="O1")
    add_line(wallet, 100, title="咖啡", at=shanghai(2026, 11, 9))

    told = november(wallet)

    assert told.net == -400
    assert [(row.category.code, row.net, row.share) for row in told.categories] == [
        ("food", 100, WHOLE),
        ("shopping", -500, 0),
    ]


def test_large_lines_and_the_first_night_are_unusual():
    wallet = make_wallet()
    for day in range(1, 11):
        add_line(wallet, 2_000, title="咖啡", at=shanghai(2026, 11, day, 12))
    large = add_line(wallet, 6_001, title="咖啡", at=shanghai(2026, 11, 11, 12))
    add_line(wallet, 6_000, title="咖啡", at=shanghai(2026, 11, 12, 12))
    night = add_line(wallet, 1, title="咖啡", at=shanghai(2026, 11, 13, 4, 59, 59))
    add_line(wallet, 1, title="咖啡", at=shanghai(2026, 11, 14, 3))
    add_line(wallet, 99_999, title="超市", at=shanghai(2026, 11, 15, 5))

    assert [(line.record, line.oddities) for line in november(wallet).unusual] == [
        (large, [Oddity.LARGE]),
        (night, [Oddity.FIRST_NIGHT]),
    ]


def test_whoever_often_pays_at_night_is_not_asked_about_it():
    wallet = make_wallet()
    add_line(wallet, 1, at=shanghai(2026, 10, 2, 2))
    add_line(wallet, 1, at=shanghai(2026, 11, 2, 2))

    assert november(wallet).unusual == []
    october = analysis_of(wallet.user_id, month_period("2026-10"), at=LATER)
    assert [line.record.month for line in october.unusual] == ["2026-10"]


def test_whoever_spent_nothing_is_told_so():
    told = november(make_wallet())

    assert (told.net, told.categories, told.payees, told.largest, told.unusual) == (0, [], [], [], [])
    assert analysis_of(10**9, month_period("2026-11"), at=LATER).trend[0].net == 0


def test_the_questions_do_not_grow_with_the_lines(wallet, django_assert_num_queries):
    def ask(count, period, at):
        # wallet, totals, so far, usual, lines to look at, their records, categories, payees
        with django_assert_num_queries(count):
            analysis_of(wallet.user_id, period, at=at)

    ask(7, month_period("2026-11"), LATER)
    for number in range(30):
        add_line(wallet, 6_000 + number, store=f"s{number % 9}", at=shanghai(2026, 11, 1 + number % 28, 12))

    ask(7, month_period("2026-11"), LATER)
    ask(8, month_period("2026-11"), shanghai(2026, 11, 29))
    ask(6, year_period("2026"), LATER)
    ask(7, year_period("2026"), shanghai(2026, 12, 30))


def test_a_period_begins_and_ends_in_shanghai():
    month, year = month_period("2026-12"), year_period("2026")

    assert month.starts_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert month.ends_at - month.starts_at == timedelta(days=31)
    assert (year.starts_at, year.ends_at) == (shanghai(2026, 1, 1), shanghai(2027, 1, 1))
    assert (period_before(month).name, period_before(month_period("2026-01")).name) == ("2026-11", "2025-12")
    assert period_before(year).name == "2025"
