"""What accounts keeps for a while: which of its rows have had their time."""

from datetime import datetime

from django.contrib.sessions.models import Session as StaffSession
from django.db.models import Q, QuerySet

from accounts.models import Session


def outdated_sessions(*, before: datetime) -> QuerySet[Session]:
    """Sessions that ended so long ago that nobody may ask about them."""
    return Session.objects.filter(Q(revoked_at__lt=before) | Q(refresh_expires_at__lt=before))


def outdated_staff_sessions(*, before: datetime) -> QuerySet[StaffSession]:
    """Sittings at the admin that are over; that they took place is in the audit trail."""
    return StaffSession.objects.filter(expire_date__lt=before)
