"""Which messages have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from wallet_project.notifications.models import Message, QuotaChange


def outdated_messages(*, before: datetime) -> QuerySet[Message]:
    """With how they went out."""
    return Message.objects.filter(told_at__lt=before)


def outdated_quota_changes(*, before: datetime) -> QuerySet[QuotaChange]:
    """How a quota came to be what it is, so long ago that nobody asks."""
    return QuotaChange.objects.filter(at__lt=before)
