"""Who has used the same devices."""

from collections.abc import Collection

from accounts.models import Device


def sharing_devices(user_id: int, *, among: Collection[int]) -> int:
    """How many of these others have used a device that this person has used."""
    theirs = Device.objects.filter(user=user_id).values("device_id")
    others = Device.objects.filter(user__in=among, device_id__in=theirs).exclude(user=user_id)
    return others.values("user").distinct().count()
