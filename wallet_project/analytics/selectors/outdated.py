"""What analytics keeps for a while: which of its rows have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from wallet_project.analytics.models import Alert


def outdated_alerts(*, before: datetime) -> QuerySet[Alert]:
    """Closed ones, with how they were told."""
    return Alert.objects.filter(closed_at__lt=before)
