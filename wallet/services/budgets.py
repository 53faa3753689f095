"""What a customer means to spend in a month."""

from django.db import transaction

from wallet.models import Budget
from wallet.selectors.categories import offered_category
from wallet.selectors.wallets import wallet_of
from wallet.services.budget_notices import look_at_budgets
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.errors import NotFound
from wallet_project.kit.money import Fen


@retry_conflicts
def set_budget(*, user_id: int, category: str | None, amount: Fen) -> None:
    """
    From this month on, `amount` fen a month for a category or, without one, for everything.

    What is already spent counts: levels that are reached with the new amount are told of.

    :raises CategoryNotOffered: there is no such category to budget for
    """
    chosen = None if category is None else offered_category(category)
    wallet, now = open_wallet(user_id=user_id), clock.now()
    with transaction.atomic(durable=True):
        Budget.objects.update_or_create(
            wallet=wallet, category=chosen, defaults={"amount": amount, "set_at": now}
        )
        look_at_budgets(wallet_id=wallet.pk, month=clock.business_month(now))


def drop_budget(*, user_id: int, category: str | None) -> None:
    """
    Without one, the budget for everything.

    :raises NotFound: there is no such budget
    """
    dropped, _by_model = Budget.objects.filter(wallet=wallet_of(user_id), category=category).delete()
    if not dropped:
        raise NotFound
