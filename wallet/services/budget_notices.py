"""Telling a customer, once, how far they have come with a budget."""

from datetime import datetime

from django.db import transaction

from wallet.events import BudgetReached
from wallet.models import Budget, BudgetNotice
from wallet.rules.budgets import levels_reached
from wallet.selectors.budgets import spending_of_month
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import Fen


def look_at_budgets(*, wallet_id: int, month: str) -> None:
    """Something was spent, planned or filed elsewhere: look at the wallet's budgets when that is certain."""
    require_transaction()
    after_commit("wallet.check_budgets", wallet_id=wallet_id, month=month)


def check_budgets(*, wallet_id: int, month: str) -> None:
    """
    Tell of every level that a budget has newly reached: of the highest only where it is several at once.

    Harmless twice and at the same moment as another: a unique row per month, amount and level decides who
    tells.
    """
    now = clock.now()
    with transaction.atomic(durable=True):
        spending = spending_of_month(wallet_id, month)
        for budget in Budget.objects.filter(wallet=wallet_id).select_related("wallet").order_by("pk"):
            spent = spending.of(budget.category_id)
            reached = levels_reached(spent=spent, amount=Fen(budget.amount))
            told = [level for level in reached if _tell(budget, month=month, level=level, at=now)]
            if told:
                publish(
                    BudgetReached(
                        user_id=budget.wallet.user_id,
                        month=month,
                        category=budget.category_id or "",
                        level=max(told),
                        amount=budget.amount,
                        spent=spent,
                    )
                )


def _tell(budget: Budget, *, month: str, level: int, at: datetime) -> bool:
    """Whether it is ours to tell: nobody has."""
    _notice, is_new = BudgetNotice.objects.get_or_create(
        wallet_id=budget.wallet_id,
        category_id=budget.category_id,
        month=month,
        amount=budget.amount,
        level=level,
        defaults={"told_at": at},
    )
    return is_new
