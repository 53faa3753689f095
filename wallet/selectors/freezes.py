"""Whether somebody's wallet is stopped, and since when."""

from wallet.models import Wallet
from wallet.rules.freezes import FreezeScope


def stopped_wallet_of(user_id: int) -> Wallet | None:
    return Wallet.objects.filter(user=user_id, status__in=FreezeScope.values).first()
