"""
Messages on their way: one channel after the other, until one has reached its reader.

Whether somebody may be told is asked again when it is sent, for that may be the next morning.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import UserStatus
from wallet_project.approvals.agreed import AgreedState
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import lock_number, require_transaction
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.rows import insert_once
from wallet_project.notifications.errors import DeliveryNotRepeatable
from wallet_project.notifications.models import Broadcast, Delivery, FrequencyCap, Message
from wallet_project.notifications.rules.deliveries import (
    ANSWER_TIME,
    OVER,
    REPEATABLE,
    TOLD,
    DeliveryState,
    Outcome,
    Result,
    SkipReason,
    next_try,
)
from wallet_project.notifications.rules.notices import EXEMPT, ChannelKind
from wallet_project.notifications.selectors.broadcasts import broadcast_of
from wallet_project.notifications.selectors.notices import may_be_courted, muted_channels, told_from
from wallet_project.notifications.services import sms, subscribe

logger = logging.getLogger(__name__)

_CAPPED = 8_800_000_000_000_000  # beside a user's id: one message at a time is counted against their caps
_WEEK = timedelta(days=7)
_LOOKS_AGAIN = timedelta(minutes=10)  # at what was told to many and is paused

# What sends one over a channel, now, outside of transactions.
_CHANNELS: dict[str, Callable[[Delivery], Outcome]] = {
    ChannelKind.SUBSCRIBE: subscribe.send,
    ChannelKind.SMS: sms.send,
}


def begin_delivery(message: Message, *, over: Iterable[str], at: datetime) -> None:
    """It goes out over the first of these that pushes, when the transaction commits."""
    require_transaction()
    channel = next((each for each in over if each != ChannelKind.INBOX), None)
    if channel is None:
        return
    delivery = Delivery(message=message, channel=channel, state=DeliveryState.WAITING, due_at=at, made_at=at)
    if insert_once(delivery):
        after_commit("notifications.deliver", delivery_id=delivery.pk)


def deliver(*, delivery_id: int) -> None:
    """
    One try, if it is due. A crash in the middle leaves it SENDING, and after a while UNSURE: channels do not
    recognise a repetition, and nobody should be told twice.
    """
    delivery = _begin(delivery_id, at=clock.now())
    if delivery is not None:
        _end(delivery_id, _CHANNELS[delivery.channel](delivery), at=clock.now())


def due_deliveries(*, at: datetime, limit: int) -> list[int]:
    """Ids of what is to be sent now, the longest overdue first."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=at)
    return list(waiting.order_by("due_at").values_list("pk", flat=True)[:limit])


def give_up_waiting(*, at: datetime) -> int:
    """Whoever was sending these is gone, and nobody knows how far they came; how many."""
    stuck = Delivery.objects.filter(state=DeliveryState.SENDING, due_at__lte=at)
    given_up = stuck.update(state=DeliveryState.UNSURE, due_at=None)
    if given_up:
        logger.warning("notifications.deliveries.given_up", extra={"count": given_up})
    return given_up


def note_receipt(*, channel: ChannelKind, user_id: int, provider_id: str, error: str = "") -> bool:
    """
    The channel tells how one went in the end: it arrived, or there was this error. False: nothing of ours
    waits to hear that.

    A number that we have never heard is of the one message to this person of which nobody knows whether it
    was sent; where there are several, nobody knows of which.
    """
    with transaction.atomic():
        delivery = _told_of(channel, user_id, provider_id)
        if delivery is None:
            return False
        delivery.provider_id = provider_id
        if error:
            _end_without_success(delivery, DeliveryState.FAILED, error, at=clock.now())
        else:
            delivery.state, delivery.why, delivery.due_at = DeliveryState.DELIVERED, "", None
            delivery.save()
        return True


def repeat(*, delivery_id: int) -> None:
    """
    A member of staff has it sent again; where it is UNSURE, its reader may be told twice.

    :raises DeliveryNotRepeatable: it is on its way, arrived, or was not to be sent
    """
    with transaction.atomic():
        delivery = _lock_repeatable(delivery_id)
        delivery.state, delivery.attempts, delivery.due_at = DeliveryState.WAITING, 0, clock.now()
        delivery.save()
        _audit("repeated", delivery)
        after_commit("notifications.deliver", delivery_id=delivery.pk)


def discard(*, delivery_id: int) -> None:
    """
    A member of staff puts it aside: it is not sent any more.

    :raises DeliveryNotRepeatable: there is nothing to put aside
    """
    with transaction.atomic():
        delivery = _lock_repeatable(delivery_id)
        delivery.state = DeliveryState.DISCARDED
        delivery.save()
        _audit("discarded", delivery)


@transaction.atomic(durable=True)
def _begin(delivery_id: int, *, at: datetime) -> Delivery | None:
    """None: somebody else is at it, it is not due, or is not to be sent, or not now."""
    due = Delivery.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(
        pk=delivery_id, state=DeliveryState.WAITING, due_at__lte=at
    )
    delivery = due.select_related("message__notice", "message__user__personal_key").first()
    if delivery is None:
        return None
    broadcast = broadcast_of(delivery.message)
    if why := _why_not(delivery, broadcast):
        _end_without_success(delivery, DeliveryState.SKIPPED, why, at=at)
        return None
    if later := _not_before(delivery.message, broadcast, at=at):
        delivery.due_at = later
        delivery.save()
        return None
    if _is_capped(delivery.message, at=at):
        _end_without_success(delivery, DeliveryState.SKIPPED, SkipReason.CAPPED, at=at)
        return None
    delivery.state, delivery.sent_at, delivery.due_at = DeliveryState.SENDING, at, at + ANSWER_TIME
    delivery.attempts += 1
    delivery.save()
    return delivery


@transaction.atomic(durable=True)
def _end(delivery_id: int, outcome: Outcome, *, at: datetime) -> None:
    locked = Delivery.objects.select_for_update(no_key=True, of=("self",)).select_related("message__notice")
    delivery = locked.filter(pk=delivery_id, state=DeliveryState.SENDING).first()
    if delivery is None:
        return  # it took so long that it was given up, or its reader has left meanwhile
    delivery.provider_id = outcome.provider_id
    match outcome.result:
        case Result.SENT | Result.UNSURE:
            delivery.state, delivery.why = DeliveryState(outcome.result), outcome.why
            delivery.sent_at, delivery.due_at = at, None
            delivery.save()
        case Result.FAILED | Result.SKIPPED:
            _end_without_success(delivery, DeliveryState(outcome.result), outcome.why, at=at)
        case Result.RETRY:
            later = next_try(at=at, used=delivery.attempts)
            if later is None:
                logger.error(
                    "notifications.delivery.dead", extra={"delivery": delivery.pk, "why": outcome.why}
                )
                _end_without_success(delivery, DeliveryState.DEAD, outcome.why, at=at)
            else:
                delivery.state, delivery.why, delivery.due_at = DeliveryState.WAITING, outcome.why, later
                delivery.save()


def _end_without_success(delivery: Delivery, state: DeliveryState, why: str, *, at: datetime) -> None:
    """Its reader is told over the next of the notice's channels."""
    delivery.state, delivery.why, delivery.due_at = state, why, None
    delivery.save()
    channels: list[str] = delivery.message.notice.channels
    if delivery.channel in channels and why not in OVER:
        begin_delivery(delivery.message, over=channels[channels.index(delivery.channel) + 1 :], at=at)


def _why_not(delivery: Delivery, broadcast: Broadcast | None) -> SkipReason | None:
    message = delivery.message
    if message.user.status == UserStatus.CLOSED:
        return SkipReason.LEFT
    if not message.notice.is_enabled or delivery.channel not in message.notice.channels:
        return SkipReason.SWITCHED_OFF
    if delivery.channel in muted_channels(message.user_id, message.category):
        return SkipReason.UNSUBSCRIBED
    if not may_be_courted(message.user_id, message.category):
        return SkipReason.NO_CONSENT
    if broadcast is not None and broadcast.state != AgreedState.LIVE:
        return SkipReason.NOT_TRUE
    return None


def _not_before(message: Message, broadcast: Broadcast | None, *, at: datetime) -> datetime | None:
    """When it may go out, after a night of quiet or while what is told to many is paused; None: now."""
    if broadcast is not None and broadcast.is_paused:
        return at + _LOOKS_AGAIN
    return told_from(message.user_id, message.notice, at=at)


def _is_capped(message: Message, *, at: datetime) -> bool:
    """Counted under a lock of the person, so that two at once are not both the last that may go."""
    cap = FrequencyCap.objects.filter(category=message.category).exclude(category__in=EXEMPT).first()
    if cap is None:
        return False
    lock_number(_CAPPED + message.user_id)
    told = Delivery.objects.filter(
        message__user=message.user_id, message__category=message.category, state__in=TOLD
    )
    today = told.filter(sent_at__gte=clock.start_of_day(at)).count()
    return today >= cap.per_day or told.filter(sent_at__gt=at - _WEEK).count() >= cap.per_week


def _told_of(channel: ChannelKind, user_id: int, provider_id: str) -> Delivery | None:
    theirs = Delivery.objects.filter(channel=channel, message__user=user_id)
    heard_of = theirs.filter(provider_id=provider_id).exclude(provider_id="")
    if heard_of.exists():
        waiting = heard_of.filter(state=DeliveryState.SENT)
    else:
        waiting = theirs.filter(provider_id="", state__in=[DeliveryState.SENDING, DeliveryState.UNSURE])
    locked = waiting.select_for_update(no_key=True, of=("self",)).select_related("message__notice")[:2]
    return locked[0] if len(locked) == 1 else None


def _lock_repeatable(delivery_id: int) -> Delivery:
    delivery = Delivery.objects.select_for_update(no_key=True).get(pk=delivery_id)
    if delivery.state not in REPEATABLE:
        raise DeliveryNotRepeatable
    return delivery


def _audit(what: str, delivery: Delivery) -> None:
    record_audit(
        action=f"notifications.delivery.{what}",
        subject=f"message:{delivery.message.number}",
        facts={"channel": delivery.channel, "why": delivery.why},
    )
