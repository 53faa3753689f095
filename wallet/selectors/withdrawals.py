"""One customer's withdrawals."""

from django.db.models import QuerySet

from wallet.models import Withdrawal
from wallet_project.kit.errors import NotFound
from wallet_project.kit.serials import is_serial


def withdrawals_of(user_id: int) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(wallet__user=user_id)


def withdrawal_for(*, user_id: int, number: str) -> Withdrawal:
    """
    :raises NotFound: no such withdrawal, or somebody else's: the two look alike
    """
    found = withdrawals_of(user_id).filter(number=number).first() if is_serial(number, "W") else None
    if found is None:
        raise NotFound
    return found
