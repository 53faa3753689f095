"""Which messages have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from wallet_project.notifications.models import Message, Occasion, QuotaChange, Recipient
from wallet_project.notifications.rules.triggers import OccasionState


def outdated_messages(*, before: datetime) -> QuerySet[Message]:
    """With how they went out."""
    return Message.objects.filter(told_at__lt=before)


def outdated_quota_changes(*, before: datetime) -> QuerySet[QuotaChange]:
    """How a quota came to be what it is, so long ago that nobody asks."""
    return QuotaChange.objects.filter(at__lt=before)


def outdated_occasions(*, before: datetime) -> QuerySet[Occasion]:
    """What people might have been told of, and whether they were."""
    return Occasion.objects.filter(since__lt=before).exclude(state=OccasionState.WAITING)


def outdated_recipients(*, before: datetime) -> QuerySet[Recipient]:
    """Who got what was sent to many."""
    return Recipient.objects.filter(at__lt=before)
