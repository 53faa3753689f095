"""A budget is told of once per month and level, whoever spends at the same moment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.transaction import atomic

from wallet.errors import CategoryNotOffered
from wallet.models import Budget, BudgetNotice
from wallet.rules.months import add_months
from wallet.selectors.budgets import budgets_of
from wallet.services.budget_notices import check_budgets
from wallet.services.budgets import drop_budget, set_budget
from wallet.services.categories import correct_category
from wallet.services.wishes import forget_wishes
from wallet.tests.factories import make_wallet
from wallet.tests.histories import add_line
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.models import Job, StoredEvent

NOW = clock.now()
MONTH = clock.business_month(NOW)


def plan(wallet, amount, category=None):
    set_budget(user_id=wallet.user_id, category=category, amount=amount)


def look(wallet, month=MONTH):
    """What the job does that spending asks for."""
    check_budgets(wallet_id=wallet.pk, month=month)


def spend(wallet, amount, **line):
    record = add_line(wallet, amount, at=NOW, **line)
    look(wallet)
    return record


def heard(wallet):
    """(category, level, spent) of every event, oldest first."""
    events = StoredEvent.objects.filter(name="wallet.budget.reached", aggregate=f"user:{wallet.user_id}")
    return [
        tuple(event.payload[name] for name in ("category", "level", "spent"))
        for event in events.order_by("pk")
    ]


@pytest.mark.django_db
class TestBudgets:
    def test_eighty_and_a_hundred_percent_are_told_of_once(self):
        wallet = make_wallet()
        plan(wallet, 10_000)

        for amount in (7_999, 1, 1_000, 999, 1, 5_000):
            spend(wallet, amount)
            look(wallet)

        assert heard(wallet) == [("", 80, 8_000), ("", 100, 10_000)]

    def test_a_jump_over_both_levels_is_one_message(self):
        wallet = make_wallet()
        plan(wallet, 100)

        spend(wallet, 250)
        spend(wallet, 1)

        assert heard(wallet) == [("", 100, 250)]
        assert BudgetNotice.objects.filter(wallet=wallet).count() == 2

    def test_each_budget_is_told_of_for_itself(self):
        wallet = make_wallet()
        plan(wallet, 1_000)
        plan(wallet, 100, "food")

        spend(wallet, 90, title="咖啡")
        spend(wallet, 710, title="社区超市")

        assert heard(wallet) == [("food", 80, 90), ("", 80, 800)]

    def test_the_next_month_tells_again(self):
        wallet = make_wallet()
        plan(wallet, 100)
        spend(wallet, 100)
        following = add_months(MONTH, 1)
        at = NOW + timedelta(days=31)

        add_line(wallet, 85, at=at)
        look(wallet, clock.business_month(at))

        assert heard(wallet) == [("", 100, 100), ("", 80, 85)]
        months = BudgetNotice.objects.filter(wallet=wallet, level=80).values_list("month", flat=True)
        assert set(months) <= {MONTH, following, clock.business_month(at)}

    def test_what_came_back_and_own_money_count_for_nothing(self):
        wallet = make_wallet()
        plan(wallet, 100)
        add_line(wallet, 79, at=NOW, reference="O1")
        add_line(wallet, 50, kind="refund", at=NOW, reference="O1")
        spend(wallet, 50)
        add_line(wallet, 5_000, kind="withdrawal", at=NOW)
        add_line(wallet, 5_000, kind="top_up", at=NOW)
        look(wallet)

        assert heard(wallet) == []
        assert budgets_of(wallet.user_id, month=MONTH)[0].spent == 79

    def test_another_amount_is_looked_at_anew_and_an_old_one_is_not_told_of_again(self):
        wallet = make_wallet()
        plan(wallet, 1_000)
        spend(wallet, 850)

        plan(wallet, 800)
        look(wallet)
        plan(wallet, 1_000)
        look(wallet)
        drop_budget(user_id=wallet.user_id, category=None)
        plan(wallet, 1_000)
        look(wallet)

        assert heard(wallet) == [("", 80, 850), ("", 100, 850)]

    def test_setting_a_budget_asks_for_a_look_as_spending_does(self):
        wallet = make_wallet()
        before = Job.objects.filter(task="wallet.check_budgets").count()
        add_line(wallet, 100, at=NOW)
        assert Job.objects.filter(task="wallet.check_budgets").count() == before

        plan(wallet, 100)
        add_line(wallet, 1, at=NOW)
        add_line(wallet, 1, kind="refund", at=NOW)

        asked = Job.objects.filter(task="wallet.check_budgets", arguments__wallet_id=wallet.pk)
        assert [job.arguments["month"] for job in asked] == [MONTH, MONTH]

    def test_a_line_filed_elsewhere_counts_there(self):
        wallet = make_wallet()
        plan(wallet, 100, "food")
        record = spend(wallet, 90)
        old = add_line(wallet, 90, at=NOW - timedelta(days=40))
        asked = Job.objects.filter(task="wallet.check_budgets", arguments__wallet_id=wallet.pk)
        before = asked.count()

        for each in (record, old):
            correct_category(user_id=wallet.user_id, record_id=each.pk, category="food", for_later=False)
        look(wallet)

        assert heard(wallet) == [("food", 80, 90)]
        assert asked.count() == before + 1  # of a month that is over nobody wants to hear

    def test_progress_is_told_the_whole_first(self):
        wallet = make_wallet()
        plan(wallet, 100, "leisure")
        plan(wallet, 50, "food")
        plan(wallet, 1_000)
        spend(wallet, 75, title="咖啡")

        shown = [
            (
                row.category and row.category.code,
                row.amount,
                row.spent,
                row.left,
                row.over,
                row.percent,
                row.level,
            )
            for row in budgets_of(wallet.user_id, month=MONTH)
        ]

        assert shown == [
            (None, 1_000, 75, 925, 0, 7, 0),
            ("food", 50, 75, 0, 25, 150, 100),
            ("leisure", 100, 0, 100, 0, 0, 0),
        ]

    def test_progress_takes_two_queries(self, django_assert_num_queries):
        wallet = make_wallet()
        for category in (None, "food", "leisure", "people"):
            plan(wallet, 100, category)
        for _ in range(5):
            add_line(wallet, 1, at=NOW)

        with django_assert_num_queries(2):  # budgets with their categories, this month's totals
            budgets_of(wallet.user_id, month=MONTH)

    def test_nobody_plans_for_what_is_not_offered(self):
        wallet = make_wallet()

        for unknown in ("own_money", "nothing"):
            with pytest.raises(CategoryNotOffered):
                plan(wallet, 100, unknown)

        assert not Budget.objects.filter(wallet=wallet).exists()

    def test_a_budget_is_dropped_by_its_owner_only(self):
        wallet, other = make_wallet(), make_wallet()
        plan(wallet, 100, "food")

        for user_id, category in ((other.user_id, "food"), (wallet.user_id, None), (wallet.user_id, "x")):
            with pytest.raises(NotFound):
                drop_budget(user_id=user_id, category=category)
        assert Budget.objects.filter(wallet=wallet).count() == 1
        drop_budget(user_id=wallet.user_id, category="food")

        assert not Budget.objects.filter(wallet=wallet).exists()

    def test_there_is_one_budget_for_everything(self):
        wallet = make_wallet()
        plan(wallet, 100)
        plan(wallet, 200)

        assert [budget.amount for budget in Budget.objects.filter(wallet=wallet)] == [200]
        with pytest.raises(IntegrityError), atomic():
            Budget.objects.create(wallet=wallet, amount=1, set_at=NOW)

    def test_whoever_leaves_has_no_plans(self):
        wallet, other = make_wallet(), make_wallet()
        for each in (wallet, other):
            plan(each, 100)

        with atomic():
            forget_wishes(user_id=wallet.user_id, gives_up=0)

        left = Budget.objects.filter(wallet__in=[wallet, other])
        assert list(left.values_list("wallet", flat=True)) == [other.pk]


@pytest.mark.committed
@pytest.mark.usefixtures("committed_db")
class TestAtTheSameMoment:
    def test_sixteen_who_spend_over_both_lines_at_once_are_told_of_once(self, in_parallel):
        wallet = make_wallet()
        plan(wallet, 1_600)

        answers = in_parallel([lambda: spend(wallet, 100)] * 16, threads=16)

        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        levels = [level for _category, level, _spent in heard(wallet)]
        assert levels in ([80, 100], [100])
        assert BudgetNotice.objects.filter(wallet=wallet).count() == 2
        assert budgets_of(wallet.user_id, month=MONTH)[0].spent == 1_600

    def test_sixteen_who_look_at_once_tell_once(self, in_parallel):
        wallet = make_wallet()
        plan(wallet, 100)
        plan(wallet, 100, "other")
        add_line(wallet, 85, at=NOW)

        answers = in_parallel([lambda: look(wallet)] * 16, threads=16)

        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        assert sorted(heard(wallet)) == [("", 80, 85), ("other", 80, 85)]
