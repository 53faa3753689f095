"""Open a wallet, stop it, let it go on."""

from django.db import transaction
from django.db.models.query import RawQuerySet

from wallet.models import Wallet, WalletStatus
from wallet.services.ledger import refusals_as_errors
from wallet_project.audit.services import record_audit


def open_wallet(*, user_id: int) -> Wallet:
    """This user's wallet with its principal, bonus and cashback accounts, opened now if there was none."""
    return _only(Wallet.objects.raw("SELECT * FROM ledger_open_wallet(%s)", [user_id]))


def freeze_wallet(*, wallet_id: int, reason: str) -> Wallet:
    """
    Nothing goes out of a frozen wallet and nothing new is promised; it still receives.

    What was promised before the freeze may still be captured: WeChat may already have taken its part.
    """
    return _set_status(wallet_id=wallet_id, status=WalletStatus.FROZEN, reason=reason)


def unfreeze_wallet(*, wallet_id: int, reason: str) -> Wallet:
    return _set_status(wallet_id=wallet_id, status=WalletStatus.OPEN, reason=reason)


def _set_status(*, wallet_id: int, status: str, reason: str) -> Wallet:
    with transaction.atomic():
        wallet = _only(
            Wallet.objects.raw(
                "SELECT * FROM ledger_set_wallet_status(%s, %s, %s)", [wallet_id, status, reason]
            )
        )
        record_audit(
            action="wallet.wallet.status",
            subject=f"wallet:{wallet_id}",
            facts={"status": status, "reason": reason},
        )
    return wallet


def _only(found: "RawQuerySet[Wallet]") -> Wallet:
    with refusals_as_errors():
        return found[0]
