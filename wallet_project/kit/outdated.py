"""What the kit keeps for a while: which of its rows have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from wallet_project.kit.models import DeliveryState, IdempotencyKey, JobRun, StoredEvent


def outdated_keys(*, before: datetime) -> QuerySet[IdempotencyKey]:
    """Without its key a repetition is refused by the business numbers alone."""
    return IdempotencyKey.objects.filter(created_at__lt=before)


def outdated_events(*, before: datetime) -> QuerySet[StoredEvent]:
    """With their deliveries; not while one of these is still under way, or dead and waiting for a person."""
    unfinished = [DeliveryState.WAITING, DeliveryState.DEAD]
    return StoredEvent.objects.filter(published_at__lt=before).exclude(deliveries__state__in=unfinished)


def outdated_runs(*, before: datetime) -> QuerySet[JobRun]:
    return JobRun.objects.filter(begun_at__lt=before)
