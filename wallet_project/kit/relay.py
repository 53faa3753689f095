"""Hands stored events to listeners, in order per aggregate, each in a transaction of its own."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from wallet_project.kit import clock, context, jobs
from wallet_project.kit.errors import DomainError
from wallet_project.kit.events import hand_over
from wallet_project.kit.logs import in_short
from wallet_project.kit.models import Delivery, DeliveryState, Heartbeat

logger = logging.getLogger(__name__)

ATTEMPTS_BEFORE_DEATH = 8

_NEXT = "SELECT * FROM outbox_next(%s)"
_DELIVERED = (
    "UPDATE kit_delivery SET state = 'DELIVERED', delivered_at = %s, attempts = attempts + 1 WHERE id = %s"
)


def deliver_due(limit: int = 200) -> int:
    """Hand over what is due now, so many at most; returns how many deliveries were tried."""
    tried = 0
    while tried < limit and _deliver_one():
        tried += 1
    return tried


# Asking every 50 ms costs a fourteenth of a core for nothing at night. A NOTIFY would wake us, but every
# transaction that sends one takes the same lock when it commits, so payments would commit one by one.
SHORTEST_REST, LONGEST_REST = 0.05, 0.25

# Events between two looks at the jobs. Sending a job is quick, and somebody's payment may wait for it; what a
# listener does takes longer, and there may be many.
DELIVERIES_AT_A_TIME = 10


def run(*, keep_going: Callable[[], bool], pause: Callable[[float], object]) -> None:
    """The relay process: deliver, send jobs, show life, rest when there is nothing to do."""
    next_beat, rest = clock.now(), SHORTEST_REST
    while keep_going():
        busy = deliver_due(DELIVERIES_AT_A_TIME) + jobs.send_due()
        if clock.now() >= next_beat:
            beat("relay")
            next_beat = clock.now() + timedelta(seconds=5)
        if busy:
            rest = SHORTEST_REST
        else:
            pause(rest)
            rest = min(rest * 1.2, LONGEST_REST)


def beat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


def revive(deliveries: Any) -> int:
    """Give dead letters a new life; used by the replay command and the admin."""
    return deliveries.filter(state=DeliveryState.DEAD).update(
        state=DeliveryState.WAITING, attempts=0, available_at=clock.now()
    )


def _deliver_one() -> bool:
    delivery_id = None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_NEXT, [clock.now()])
            if (found := cursor.fetchone()) is None:
                return False
            delivery_id, listener, event_id, name, payload, request_id = found
            with context.acting(request_id=request_id, event_id=str(event_id)):
                hand_over(name, json.loads(payload), listener)
            cursor.execute(_DELIVERED, [clock.now(), delivery_id])
    except Exception as error:
        if delivery_id is None:
            raise
        # In a transaction of its own: whatever a listener did to the first one, the outbox goes on.
        _note_failure(delivery_id, error)
    return True


@transaction.atomic
def _note_failure(delivery_id: int, error: Exception) -> None:
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("event").get(pk=delivery_id)
    if delivery.state != DeliveryState.WAITING:
        return  # another relay was faster, and luckier
    facts = {"delivery": delivery.pk, "listener": delivery.listener, "event": delivery.event.name}
    delivery.last_error = in_short(error)
    if isinstance(error, DomainError) and error.is_pause:
        delivery.available_at = clock.now() + timedelta(seconds=error.retry_after or 60)
        delivery.save()
        return
    delivery.attempts += 1
    delivery.available_at = clock.now() + timedelta(seconds=min(2**delivery.attempts, 600))
    if delivery.attempts >= ATTEMPTS_BEFORE_DEATH:
        delivery.state = DeliveryState.DEAD
        logger.error("kit.delivery.dead", extra=facts, exc_info=error)
    else:
        logger.warning("kit.delivery.failed", extra=facts, exc_info=error)
    delivery.save()
