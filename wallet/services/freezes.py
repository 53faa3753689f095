"""Stop a wallet, so far and so long; let it go on."""

from datetime import datetime

from django.db import transaction

from wallet.errors import FrozenAnew, WalletNotFrozen
from wallet.events import WalletReleased, WalletStopped
from wallet.models import Wallet, WalletStatus
from wallet.rules.freezes import FreezeCause, FreezeScope, both
from wallet.services.ledger import refusals_as_errors
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import lock_number
from wallet_project.kit.events import publish
from wallet_project.kit.rows import get_answer

FROZEN = tuple(FreezeScope.values)
_EXPIRE_AT_ONCE = 200
_STATUS = 0x73746F70 << 32  # "stop", so that nobody else locks these numbers


def freeze_wallet(
    *,
    wallet_id: int,
    reason: str,
    scope: FreezeScope = FreezeScope.OUT,
    cause: FreezeCause = FreezeCause.RISK,
    until: datetime | None = None,
) -> Wallet:
    """
    Stop what goes out of a wallet, what comes in, or both; its owner is told the cause. Ends at `until`, or
    when two of the staff lift it. What is stopped already stays so: a second freeze adds its scope, and both
    end when the later one does.

    What was promised before may still be captured: WeChat may already have taken its part. What is its
    owner's already, a refund or a collected top-up, still comes in.

    :raises WalletClosed: its owner has left
    """
    with transaction.atomic():
        lock_number(_STATUS + wallet_id)
        if stopped := Wallet.objects.filter(pk=wallet_id, status__in=FROZEN).first():
            # One person alone would let it go on otherwise, in a direction or from a time on.
            scope = both(FreezeScope(stopped.status), scope)
            until = until and stopped.frozen_until and max(until, stopped.frozen_until)
        wallet = _set_status(
            wallet_id=wallet_id, status=scope, reason=reason, told=str(cause.label), until=until
        )
        publish(
            WalletStopped(
                user_id=wallet.user_id,
                scope=str(scope),
                cause=str(cause),
                until=clock.iso(until) if until else None,
            )
        )
    return wallet


def propose_unfreeze(*, wallet_id: int, reason: str, maker_id: int) -> int:
    """
    One person may stop a wallet, two let it go on: from this freeze, not from a later one. Returns the
    proposal's id.

    :raises WalletNotFrozen: there is nothing to lift
    :raises AlreadyProposed: somebody has asked already
    """
    wallet = Wallet.objects.get(pk=wallet_id)
    if wallet.status not in FROZEN:
        raise WalletNotFrozen
    proposal = propose(
        kind="wallet.unfreeze",
        subject=f"wallet:{wallet_id}",
        facts={
            "wallet_id": wallet_id,
            "status": wallet.get_status_display(),
            "told": wallet.status_reason,
            "since": _stamp(wallet),
            "reason": reason,
            "user_id": wallet.user_id,
        },
        reason=reason,
        maker_id=maker_id,
    )
    return proposal.pk


def lift_freeze(*, wallet_id: int, since: str | None, reason: str) -> Wallet:
    """
    Let a wallet go on from the freeze that was looked at, dated `since`.

    :raises FrozenAnew: it was stopped again meanwhile, or has been let go on
    """
    with transaction.atomic():
        lock_number(_STATUS + wallet_id)
        wallet = Wallet.objects.get(pk=wallet_id)
        if wallet.status not in FROZEN or _stamp(wallet) != since:
            raise FrozenAnew
        return unfreeze_wallet(wallet_id=wallet_id, reason=reason)


def unfreeze_wallet(*, wallet_id: int, reason: str) -> Wallet:
    """
    :raises WalletClosed: its owner has left
    """
    with transaction.atomic():
        wallet = _set_status(
            wallet_id=wallet_id, status=WalletStatus.OPEN, reason=reason, told="", until=None
        )
        publish(WalletReleased(user_id=wallet.user_id))
    return wallet


def end_freezes() -> int:
    """Let go on what was stopped until now; returns how many. Each is a transaction of its own."""
    over = Wallet.objects.filter(status__in=FROZEN, frozen_until__lte=clock.now())
    wallet_ids = list(over.values_list("pk", flat=True)[:_EXPIRE_AT_ONCE])
    return sum(end_freeze(wallet_id=wallet_id) for wallet_id in wallet_ids)


def end_freeze(*, wallet_id: int) -> bool:
    """False: somebody has lifted it meanwhile, or stopped the wallet anew."""
    with transaction.atomic():
        lock_number(_STATUS + wallet_id)
        if not Wallet.objects.filter(pk=wallet_id, status__in=FROZEN, frozen_until__lte=clock.now()).exists():
            return False
        unfreeze_wallet(wallet_id=wallet_id, reason="冻结到期")
    return True


def _stamp(wallet: Wallet) -> str | None:
    """To the microsecond: `clock.iso` is for people and drops them."""
    return wallet.status_since.isoformat() if wallet.status_since else None


def _set_status(*, wallet_id: int, status: str, reason: str, told: str, until: datetime | None) -> Wallet:
    lock_number(_STATUS + wallet_id)
    with refusals_as_errors():
        wallet = get_answer(
            Wallet,
            "SELECT * FROM ledger_set_wallet_status(%s, %s, %s, %s)",
            [wallet_id, status, told, until],
        )
    record_audit(
        action="wallet.wallet.status",
        subject=f"wallet:{wallet_id}",
        facts={"status": status, "reason": reason, "until": clock.iso(until) if until else None},
    )
    return wallet
