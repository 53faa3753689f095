"""What analytics keeps for a while: which of its rows have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from wallet_project.analytics.models import Activity, Alert, Event
from wallet_project.kit import clock


def outdated_alerts(*, before: datetime) -> QuerySet[Alert]:
    """Closed ones, with how they were told."""
    return Alert.objects.filter(closed_at__lt=before)


def outdated_months(*, before: datetime) -> QuerySet[Event]:
    """Events of months that are over; they go month by month (services.months)."""
    return Event.objects.filter(at__lt=clock.borders_of(clock.business_month(before))[0])


def outdated_activity(*, before: datetime) -> QuerySet[Activity]:
    """Who was here on days so long ago that nobody compares with them."""
    return Activity.objects.filter(day__lt=clock.business_day(before))
