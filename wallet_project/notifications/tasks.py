"""What workers do for notifications."""

from celery import shared_task

from wallet_project.kit import clock
from wallet_project.kit.jobs import job
from wallet_project.notifications.rules.triggers import TriggerKind
from wallet_project.notifications.services import broadcasts, deliveries, everybody, triggers

AT_ONCE = 500  # in the morning they all come at once; what no worker has taken by the next time comes again
_UNTIL_THE_NEXT = 10


@job("notifications.deliver")
def deliver(*, delivery_id: int, **_later: object) -> None:
    deliveries.deliver(delivery_id=delivery_id)


@shared_task(name="notifications.deliver_due")
def deliver_due(**_later: object) -> None:
    """What was postponed or did not get through, and what nobody will hear the end of."""
    now = clock.now()
    deliveries.give_up_waiting(at=now)
    for delivery_id in deliveries.due_deliveries(at=now, limit=AT_ONCE):
        deliver.apply_async(kwargs={"delivery_id": delivery_id}, expires=_UNTIL_THE_NEXT)


@job("notifications.tell_of_agreement")
def tell_of_agreement(*, kind: str, version: int, after: int = 0, **_later: object) -> None:
    everybody.tell_next_of_agreement(kind=kind, version=version, after=after)


@job("notifications.tell_one_of_agreement")
def tell_one_of_agreement(*, kind: str, version: int, user_id: int, **_later: object) -> None:
    everybody.tell_one_of_agreement(kind=kind, version=version, user_id=user_id)


@shared_task(name="notifications.send_broadcasts")
def send_broadcasts(**_later: object) -> None:
    broadcasts.send_due()


@shared_task(name="notifications.note_deeds")
def note_deeds(**_later: object) -> None:
    broadcasts.note_deeds()


@shared_task(name="notifications.tell_occasions")
def tell_occasions(**_later: object) -> None:
    triggers.look_for_occasions(kind=TriggerKind.ORDER_WAITING)
    triggers.tell_due()


@shared_task(name="notifications.look_for_the_absent")
def look_for_the_absent(**_later: object) -> None:
    """Reads every session; once a day."""
    triggers.look_for_occasions(kind=TriggerKind.NOT_SEEN)
