"""By what one person is the same one again, whichever account they come with."""

from collections.abc import Iterator
from enum import StrEnum

from django.conf import settings

from accounts.models import Device, RealName, User, WeChatIdentity

_DEVICES = 20  # the last ones: a client that names a new one at every login shall not cost more and more


class Trait(StrEnum):
    DEVICE = "device"
    PHONE = "phone"
    OPENID = "openid"
    ID_NUMBER = "id_number"


def traits_of(user_id: int) -> Iterator[tuple[Trait, str]]:
    """In clear, for whoever makes hashes of them; none of somebody who has left. Four queries."""
    user = User.objects.select_related("personal_key").get(pk=user_id)
    if user.phone:
        yield Trait.PHONE, user.phone
    appid = settings.WECHAT["appid"]
    for openid in WeChatIdentity.objects.filter(user=user, appid=appid, detached_at=None).values_list(
        "openid", flat=True
    ):
        yield Trait.OPENID, openid
    devices = Device.objects.filter(user=user).order_by("-last_seen_at", "-pk")
    for device_id in devices.values_list("device_id", flat=True)[:_DEVICES]:
        yield Trait.DEVICE, device_id
    real_names = RealName.objects.select_related("evidence__user__personal_key").filter(user=user)
    for real_name in real_names:
        if real_name.id_number:
            yield Trait.ID_NUMBER, real_name.id_number
