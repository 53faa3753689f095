"""Withdrawals, of one customer and of all."""

from datetime import datetime

from django.db.models import QuerySet, Sum

from wallet.models import Withdrawal
from wallet.selectors.wallets import wallet_of
from wallet_project.kit.errors import NotFound
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import is_serial


def withdrawals_of(user_id: int) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(wallet=wallet_of(user_id))


def withdrawal_for(*, user_id: int, number: str) -> Withdrawal:
    """
    :raises NotFound: no such withdrawal, or somebody else's: the two look alike
    """
    found = withdrawals_of(user_id).filter(number=number).first() if is_serial(number, "W") else None
    if found is None:
        raise NotFound
    return found


def withdrawal_numbered(number: str) -> Withdrawal | None:
    """Whoever's it is."""
    return Withdrawal.objects.filter(number=number).first()


def sent_between(start: datetime, end: datetime) -> Fen:
    """Fen of all withdrawals sent in [start, end), whatever became of them."""
    sent = Withdrawal.objects.filter(sent_at__gte=start, sent_at__lt=end)
    return Fen(sent.aggregate(total=Sum("amount"))["total"] or 0)
