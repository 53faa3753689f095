"""A user's devices, and what happened at their logins."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.models import Device, LoginRecord, Session


def devices_of(user_id: int, *, at: datetime) -> QuerySet[Device]:
    """The ones they have not removed, last used first, with `is_logged_in` and the `last_ip` of a session."""
    open_session = Session.objects.filter(device=OuterRef("pk"), revoked_at=None, refresh_expires_at__gt=at)
    return (
        Device.objects.filter(user=user_id, removed_at=None)
        .annotate(
            is_logged_in=Exists(open_session),
            last_ip=Session.objects.filter(device=OuterRef("pk")).order_by("-pk").values("last_seen_ip")[:1],
        )
        .order_by(F("last_seen_at").desc(), "-pk")
    )


def login_records_of(user_id: int) -> QuerySet[LoginRecord]:
    return LoginRecord.objects.filter(user=user_id)


def device_numbered(device_id: int) -> Device:
    """By our own number, removed or not."""
    return Device.objects.get(pk=device_id)
