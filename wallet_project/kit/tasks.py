"""Heartbeats and housekeeping."""

from datetime import timedelta

from celery import shared_task

from wallet_project.kit import clock
from wallet_project.kit.models import Delivery, DeliveryState, IdempotencyKey, StoredEvent
from wallet_project.kit.relay import beat

KEEP_KEYS = timedelta(days=30)  # after that the business numbers alone refuse a repetition
KEEP_EVENTS = timedelta(days=30)


@shared_task(name="kit.heartbeat")
def heartbeat(*, name: str = "worker", **_later: object) -> None:
    """Beat sends it to each queue and a worker runs it: seeing it proves both."""
    beat(name)


@shared_task(name="kit.purge")
def purge(**_later: object) -> None:
    IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEEP_KEYS).delete()
    old = StoredEvent.objects.filter(published_at__lt=clock.now() - KEEP_EVENTS)
    old.exclude(deliveries__state__in=[DeliveryState.WAITING, DeliveryState.DEAD]).delete()
    Delivery.objects.filter(
        state=DeliveryState.DELIVERED, delivered_at__lt=clock.now() - KEEP_EVENTS
    ).delete()
