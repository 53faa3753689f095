"""What workers do for notifications."""

from celery import shared_task

from wallet_project.kit import clock
from wallet_project.kit.jobs import job
from wallet_project.notifications.services import deliveries

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
