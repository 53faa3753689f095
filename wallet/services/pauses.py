"""
Stop all money, let it move again.

One person, or a check that finds the ledger broken, stops it at once; letting it go on takes two. What was
begun before is carried to its end: WeChat's notices are stored, acknowledged and booked, for that money is
ours already, and whatever the customer was promised with it is theirs. Two people may still post adjustments:
they are how books are put right.
"""

import logging
from contextlib import suppress

from django.db import IntegrityError, transaction

from wallet import events
from wallet.errors import AlreadyPaused, LedgerStillBroken, MoneyPaused, NotPaused
from wallet.models import Pause, PauseCause, PauseScope
from wallet.selectors.ledger_checks import open_findings
from wallet.selectors.pauses import look_again, money_is_paused
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish

logger = logging.getLogger(__name__)


def require_money_moving() -> None:
    """
    Called before anything new that moves money. A pause is known everywhere within three seconds.

    :raises MoneyPaused: all money stands still
    """
    if money_is_paused():
        raise MoneyPaused


def pause_money(*, reason: str) -> Pause:
    """
    One member of staff stops all money, at once.

    :raises AlreadyPaused: it stands still already
    """
    with transaction.atomic():
        return _pause(cause=PauseCause.STAFF, reason=reason)


def pause_for_drift(*, reason: str) -> None:
    """The ledger contradicts itself: stop all money, unless it stands still already."""
    with suppress(AlreadyPaused), transaction.atomic():
        _pause(cause=PauseCause.DRIFT, reason=reason)


def propose_lift(*, pause_id: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to let money move again.

    :raises NotPaused: it moves
    :raises LedgerStillBroken: a check found the ledger broken, and no full one has found it sound since
    :raises AlreadyProposed: somebody has asked already
    """
    pause = Pause.objects.get(pk=pause_id)
    _require_liftable(pause)
    propose(
        kind="wallet.lift_pause",
        subject=f"pause:{pause_id}",
        facts={
            "pause_id": pause_id,
            "cause": str(pause.get_cause_display()),
            "since": clock.iso(pause.since),
            "reason": reason,
        },
        reason=reason,
        maker_id=maker_id,
    )


def lift_pause(*, pause_id: int, reason: str, checker_id: int) -> None:
    """
    Two people let money move again; part of the transaction that approves it.

    :raises NotPaused: it moves already
    :raises LedgerStillBroken: a check found the ledger broken, and no full one has found it sound since
    """
    require_transaction()
    pause = Pause.objects.select_for_update(no_key=True).get(pk=pause_id)
    _require_liftable(pause)
    pause.lifted_at, pause.lifted_by, pause.lifted_reason = clock.now(), f"staff:{checker_id}", reason
    pause.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    record_audit(action="wallet.money.resumed", subject=f"pause:{pause_id}", facts={"reason": reason})
    publish(events.MoneyResumed(pause_id=pause_id))
    logger.warning("wallet.money.resumed", extra={"pause_id": pause_id})
    _tell_this_process()


def _pause(*, cause: PauseCause, reason: str) -> Pause:
    try:
        with transaction.atomic():
            pause = Pause.objects.create(
                scope=PauseScope.MONEY,
                cause=cause,
                reason=reason,
                since=clock.now(),
                raised_by=context.current().actor,
            )
    except IntegrityError:
        raise AlreadyPaused from None
    record_audit(
        action="wallet.money.paused", subject=f"pause:{pause.pk}", facts={"kind": cause, "reason": reason}
    )
    publish(events.MoneyPaused(pause_id=pause.pk, cause=str(cause)))
    logger.critical("wallet.money.paused", extra={"pause_id": pause.pk, "cause": cause})
    _tell_this_process()
    return pause


def _require_liftable(pause: Pause) -> None:
    if pause.lifted_at is not None:
        raise NotPaused
    if broken := list(open_findings().values_list("name", flat=True)):
        raise LedgerStillBroken(sentences=broken)


def _tell_this_process() -> None:
    look_again()
    transaction.on_commit(look_again)  # another thread may have looked while this was not yet to be seen
