"""Which PINs are too easy to guess."""

import re
from datetime import date
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SHAPE = re.compile(r"[0-9]{6}", re.ASCII)

# Lines and crosses on the keypad, and the numbers everybody knows; those below are found by rule.
_COMMON = {
    "147258",
    "147369",
    "159357",
    "258369",
    "159753",
    "357159",
    "147852",
    "258147",
    "369258",
    "789456",
    "456789",
    "520131",
    "131452",
    "521521",
    "168168",
    "188188",
    "100200",
    "100861",
    "199999",
}


def weakness_of(pin: str, *, phone: str = "", birthday: date | None = None) -> str | Promise | None:
    """Why this PIN is refused, in words for its owner; None: it is good enough."""
    if not SHAPE.fullmatch(pin):
        return _("支付密码必须是 6 位数字")
    if len(set(pin)) <= 2 or _repeats(pin):
        return _("不能使用重复的数字")
    if _is_run(pin):
        return _("不能使用连续的数字")
    if pin in _COMMON:
        return _("这个密码太常见，请换一个")
    if phone and pin in phone:
        return _("不能使用手机号中的数字")
    if birthday and pin in _days_written(birthday):
        return _("不能使用生日")
    return None


def _repeats(pin: str) -> bool:
    """123123, 112233, 123321."""
    pairs = pin[0] == pin[1] and pin[2] == pin[3] and pin[4] == pin[5]
    return pin[:3] == pin[3:] or pin == pin[::-1] or pairs


def _is_run(pin: str) -> bool:
    """123456, 987654, 890123, 135790."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1


def _days_written(day: date) -> set[str]:
    """As people shorten a day to six digits."""
    return {day.strftime(form) for form in ("%y%m%d", "%d%m%y", "%m%d%y", "%Y%m", "%m%Y")} | {
        f"{day.year}{day.month}{day.day}"[:6],
        f"{day.month:02}{day.day:02}{day.month:02}"[:6],
    }
