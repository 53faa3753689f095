"""What a customer told us about their spending, gone when they go."""

from wallet.models import Budget, TaughtRule
from wallet.selectors.wallets import wallet_of
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


def forget_wishes(*, user_id: int, gives_up: Fen) -> None:
    """
    Budgets, and what they taught us about categories; their lines stay as they are filed.

    Must be called inside the transaction that closes the account.
    """
    require_transaction()
    Budget.objects.filter(wallet=wallet_of(user_id)).delete()
    TaughtRule.objects.filter(wallet=wallet_of(user_id)).delete()
