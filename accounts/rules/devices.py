"""What a device is called: its own name is the client's, and could say anything."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_KINDS: dict[str, Promise] = {
    "ios": _("iPhone"),
    "android": _("安卓手机"),
    "ohos": _("鸿蒙手机"),
    "windows": _("电脑"),
    "mac": _("电脑"),
}
_UNKNOWN = _("未知设备")


def kind_in_words(platform: str) -> Promise:
    return _KINDS.get(platform.lower(), _UNKNOWN)
