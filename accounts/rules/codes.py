"""What a code in a text message may be used for, how it may be guessed at, and how often one is sent."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import TextChoices

WRONG_TRIES = 5
DIGITS = 6

# No more than this many in this many seconds.
Cap = tuple[int, int]


class CodePurpose(TextChoices):
    """A code proves a phone for one thing; its label is what the message says it is for."""

    LOGIN = "LOGIN", "登录"
    BIND_PHONE = "BIND_PHONE", "绑定手机号"
    CHANGE_PHONE = "CHANGE_PHONE", "更换手机号"
    STEP_UP = "STEP_UP", "确认操作"
    SET_PIN = "SET_PIN", "设置支付密码"
    RESET_PIN = "RESET_PIN", "重置支付密码"


def seconds_to_wait(caps: Sequence[Cap], *, sent: Iterable[datetime], now: datetime) -> int:
    """How long until one more may be sent without breaking a cap: 0 is now."""
    newest_first = sorted(sent, reverse=True)
    waits = [0]
    for seconds, most in caps:
        if len(newest_first) >= most:
            # Room is made when the oldest of the last `most` leaves the window.
            free_at = newest_first[most - 1] + timedelta(seconds=seconds)
            waits.append(-((now - free_at) // timedelta(seconds=1)))
    return max(waits)
