"""Whether somebody's wallet is stopped, and since when; where the trail tells of it."""

from datetime import datetime

from wallet.models import Wallet
from wallet.rules.freezes import FreezeScope
from wallet_project.audit.selectors import acts_between


def stopped_wallet_of(user_id: int) -> Wallet | None:
    return Wallet.objects.filter(user=user_id, status__in=FreezeScope.values).first()


def trail_of_wallet(user_id: int) -> str | None:
    """What the audit trail calls this user's wallet; None: they have none yet."""
    wallet_id = Wallet.objects.filter(user=user_id).values_list("pk", flat=True).first()
    return f"wallet:{wallet_id}" if wallet_id else None


def stopped_wallets() -> int:
    """How many are stopped now, wholly or on one side."""
    return Wallet.objects.filter(status__in=FreezeScope.values).count()


def wallets_stopped(*, since: datetime, until: datetime) -> int:
    """How often staff or a rule stopped one."""
    return acts_between("wallet.wallet.status", since, until, status__in=FreezeScope.values)
