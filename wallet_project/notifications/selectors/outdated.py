"""Which messages have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from wallet_project.notifications.models import Message


def outdated_messages(*, before: datetime) -> QuerySet[Message]:
    """With how they went out."""
    return Message.objects.filter(told_at__lt=before)
