"""
Stop a flow, let it go on.

One person, or a check that finds something broken, stops it at once; letting it go on takes two. What was
begun before is carried to its end: WeChat's notices are stored, acknowledged and booked, for that money is
ours already, and whatever the customer was promised with it is theirs. Two people may still post adjustments:
they are how books are put right.
"""

import logging
from contextlib import suppress

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.pauses.errors import AlreadyPaused, NotPaused, Paused
from wallet_project.pauses.events import FlowPaused, FlowResumed
from wallet_project.pauses.models import Flow, Pause, PauseCause
from wallet_project.pauses.selectors import is_paused, look_again

logger = logging.getLogger(__name__)


def require_going(flow: Flow) -> None:
    """
    Called before anything new of a flow begins. A pause is known everywhere within three seconds.

    :raises Paused: the flow, or what it is part of, stands still
    """
    if is_paused(flow):
        raise Paused(flow=str(flow))


def pause_flow(*, flow: Flow, reason: str) -> Pause:
    """
    One member of staff stops a flow, at once.

    :raises AlreadyPaused: it stands still already
    """
    return _pause(flow, cause=PauseCause.STAFF, reason=reason)


def trip(*, flow: Flow, reason: str, cause: PauseCause = PauseCause.TRIP) -> None:
    """A check found what must not be: stop the flow, unless it stands still already."""
    with suppress(AlreadyPaused):
        _pause(flow, cause=cause, reason=reason)


def propose_lift(*, pause_id: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to let a flow go on.

    :raises NotPaused: it goes on
    :raises AlreadyProposed: somebody has asked already

    and whatever settings.LIFT_OBJECTIONS object.
    """
    pause = Pause.objects.get(pk=pause_id)
    _require_liftable(pause)
    propose(
        kind="pauses.lift",
        subject=f"pause:{pause_id}",
        facts={
            "pause_id": pause_id,
            "flow": str(pause.get_flow_display()),
            "cause": str(pause.get_cause_display()),
            "since": clock.iso(pause.since),
            "reason": reason,
        },
        reason=reason,
        maker_id=maker_id,
    )


def lift_pause(*, pause_id: int, reason: str, checker_id: int) -> None:
    """
    Two people let a flow go on; part of the transaction that approves it.

    :raises NotPaused: it goes on already

    and whatever settings.LIFT_OBJECTIONS object.
    """
    require_transaction()
    pause = Pause.objects.select_for_update(no_key=True).get(pk=pause_id)
    _require_liftable(pause)
    pause.lifted_at, pause.lifted_by, pause.lifted_reason = clock.now(), f"staff:{checker_id}", reason
    pause.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    record_audit(
        action="pauses.flow.resumed",
        subject=f"pause:{pause_id}",
        facts={"flow": pause.flow, "reason": reason},
    )
    publish(FlowResumed(pause_id=pause_id, flow=pause.flow))
    logger.warning("pauses.flow.resumed", extra={"pause_id": pause_id, "flow": pause.flow})
    _tell_this_process()


def _pause(flow: Flow, *, cause: PauseCause, reason: str) -> Pause:
    with transaction.atomic():
        try:
            with transaction.atomic():
                pause = Pause.objects.create(
                    flow=flow,
                    cause=cause,
                    reason=reason,
                    since=clock.now(),
                    raised_by=context.current().actor,
                )
        except IntegrityError:
            raise AlreadyPaused from None
        record_audit(
            action="pauses.flow.paused",
            subject=f"pause:{pause.pk}",
            facts={"flow": flow, "kind": cause, "reason": reason},
        )
        publish(FlowPaused(pause_id=pause.pk, flow=str(flow), cause=str(cause)))
        logger.critical("pauses.flow.paused", extra={"pause_id": pause.pk, "flow": flow, "cause": cause})
        _tell_this_process()
    return pause


def _require_liftable(pause: Pause) -> None:
    if pause.lifted_at is not None:
        raise NotPaused
    for path in settings.LIFT_OBJECTIONS:
        import_string(path)(flow=Flow(pause.flow))


def _tell_this_process() -> None:
    look_again()
    transaction.on_commit(look_again)  # another thread may have looked while this was not yet to be seen
