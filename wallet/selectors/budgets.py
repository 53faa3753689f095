"""A customer's budgets, and how much of each is spent."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Sum

from wallet.models import Budget, Category, CategoryTotal
from wallet.rules.budgets import levels_reached, percent_used
from wallet.rules.categories import SPENDING, Nature
from wallet.selectors.wallets import wallet_of
from wallet_project.kit.money import ZERO, Fen


@dataclass(frozen=True, kw_only=True)
class Spending:
    """What was spent in a month and did not come back, by category."""

    by_category: Mapping[str, Fen]

    def of(self, category: str | None) -> Fen:
        """Of one category, or of all; below zero where more came back than was spent."""
        if category is not None:
            return self.by_category.get(category, ZERO)
        return Fen(sum(self.by_category.values()))


@dataclass(frozen=True, kw_only=True)
class BudgetProgress:
    """`left` is what may still be spent, `over` what was spent beyond; one of them is zero."""

    category: Category | None
    amount: Fen
    spent: Fen
    left: Fen
    over: Fen
    percent: int
    level: int


def spending_of_month(wallet_id: int, month: str) -> Spending:
    """In one query over the month's totals, whatever the number of lines."""
    rows = (
        CategoryTotal.objects.filter(wallet=wallet_id, month=month, nature__in=SPENDING)
        .values_list("category_id", "nature")
        .annotate(total=Sum("amount"))
    )
    by_category: dict[str, Fen] = {}
    for category, nature, total in rows:
        signed = int(total) if nature == Nature.SPENT else -int(total)
        by_category[category] = Fen(by_category.get(category, ZERO) + signed)
    return Spending(by_category=by_category)


def budgets_of(user_id: int, *, month: str) -> list[BudgetProgress]:
    """The one for everything first; two queries."""
    budgets = list(
        Budget.objects.filter(wallet=wallet_of(user_id))
        .select_related("category")
        .order_by("category__position", "category")
    )
    spending = spending_of_month(budgets[0].wallet_id, month) if budgets else Spending(by_category={})
    shown = [_progress(budget, spending.of(budget.category_id)) for budget in budgets]
    return sorted(shown, key=lambda each: each.category is not None)


def _progress(budget: Budget, spent: Fen) -> BudgetProgress:
    amount = Fen(budget.amount)
    return BudgetProgress(
        category=budget.category,
        amount=amount,
        spent=spent,
        left=Fen(max(amount - max(spent, 0), 0)),
        over=Fen(max(spent - amount, 0)),
        percent=percent_used(spent=spent, amount=amount),
        level=max(levels_reached(spent=spent, amount=amount), default=0),
    )
