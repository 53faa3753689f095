"""Somebody does something, or does not: they are told when its time has come, if it is still true."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from coupons.selectors.segments import is_in
from wallet_project.kit import clock
from wallet_project.kit.db import lock_number, require_transaction
from wallet_project.kit.sweeps import sweep
from wallet_project.notifications.models import Message, Notice, Occasion, Trigger
from wallet_project.notifications.rules.deliveries import next_try
from wallet_project.notifications.rules.triggers import OccasionState, PassReason, TriggerKind
from wallet_project.notifications.selectors.notices import told_from
from wallet_project.notifications.selectors.occasions import FINDERS, Found, facts_of
from wallet_project.notifications.services.sending import notify

_CAPPED = 8_900_000_000_000_000  # beside a user's id: one occasion at a time is counted against the cap
_AT_ONCE = 500


def note_occasion(*, kind: TriggerKind, user_id: int, key: str, since: datetime) -> None:
    """Somebody has an occasion, once, and is told of it in time. While the trigger is off there are none."""
    require_transaction()
    trigger = Trigger.objects.filter(kind=kind, is_enabled=True).first()
    if trigger is not None:
        _note(trigger, [Found(user_id, key, since)])


def look_for_occasions(*, kind: TriggerKind) -> None:
    """For what no event tells of: that nothing has happened for a while."""
    trigger = Trigger.objects.filter(kind=kind, is_enabled=True).first()
    if trigger is not None:
        _note(trigger, FINDERS[kind](at=clock.now(), wait=trigger.waits))


def tell_due() -> int:
    """Whose time has come is told, each in a transaction of its own; how many. One that fails is put off."""
    due = Occasion.objects.filter(state=OccasionState.WAITING, due_at__lte=clock.now()).order_by("due_at")
    return sweep(
        list(due.values_list("pk", flat=True)[:_AT_ONCE]), _try, failed="notifications.occasion.failed"
    )


def _note(trigger: Trigger, found: Iterable[Found]) -> None:
    Occasion.objects.bulk_create(
        (
            Occasion(trigger=trigger, user_id=user_id, key=key, since=since, due_at=since + trigger.waits)
            for user_id, key, since in found
        ),
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )


def _try(occasion_id: int) -> bool:
    try:
        return _tell(occasion_id)
    except Exception:
        _put_off(occasion_id, at=clock.now())
        raise


@transaction.atomic
def _put_off(occasion_id: int, *, at: datetime) -> None:
    waiting = Occasion.objects.select_for_update(no_key=True, of=("self",))
    occasion = waiting.filter(pk=occasion_id, state=OccasionState.WAITING).first()
    if occasion is None:
        return
    occasion.tries += 1
    if again_at := next_try(at=at, used=occasion.tries):
        occasion.due_at = again_at
    else:
        occasion.state, occasion.why, occasion.ended_at = OccasionState.PASSED, PassReason.FAILED, at
    occasion.save(update_fields=["tries", "due_at", "state", "why", "ended_at"])


@transaction.atomic
def _tell(occasion_id: int) -> bool:
    at = clock.now()
    waiting = Occasion.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    occasion = (
        waiting.filter(pk=occasion_id, state=OccasionState.WAITING, due_at__lte=at)
        .select_related("trigger")
        .first()
    )
    if occasion is None:
        return False
    trigger = occasion.trigger
    if morning := told_from(occasion.user_id, Notice.objects.get(code=trigger.notice), at=at):
        # Then it is asked anew whether it is true.
        occasion.due_at = morning
        occasion.save(update_fields=["due_at"])
        return False
    told = _why_not(occasion, at=at) or _message(occasion, at=at)
    occasion.ended_at = at
    if isinstance(told, Message):
        occasion.state, occasion.message = OccasionState.TOLD, told
    else:
        occasion.state, occasion.why = OccasionState.PASSED, told
    occasion.save()
    return occasion.state == OccasionState.TOLD


def _why_not(occasion: Occasion, *, at: datetime) -> PassReason | None:
    trigger = occasion.trigger
    if not trigger.is_enabled:
        return PassReason.SWITCHED_OFF
    if trigger.segment_id is not None and not is_in(trigger.segment_id, occasion.user_id):
        return PassReason.OUTSIDE
    if trigger.cap_days:
        lock_number(_CAPPED + occasion.user_id)
        told = Occasion.objects.filter(user=occasion.user_id, trigger=trigger, state=OccasionState.TOLD)
        if told.filter(ended_at__gt=at - timedelta(days=trigger.cap_days)).exists():
            return PassReason.CAPPED
    return None


def _message(occasion: Occasion, *, at: datetime) -> Message | PassReason:
    trigger = occasion.trigger
    facts = facts_of(trigger.kind, user_id=occasion.user_id, key=occasion.key, at=at)
    if facts is None:
        return PassReason.NOT_TRUE
    message = notify(
        user_id=occasion.user_id,
        notice=trigger.notice,
        key=occasion.key,
        facts=facts,
        about=f"{trigger.kind.lower()}:{occasion.key}"[:64],
    )
    return message or PassReason.UNWANTED
