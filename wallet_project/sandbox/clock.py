"""WeChat's clock: when orders, codes and tokens expire and callbacks are due. Scripts advance it."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))


class Clock:
    """
    Seconds since the epoch, plus what was advanced; it never runs backwards except by `reset`.

    Only business time bends. Signatures carry and check the true time, as clocks of two honest machines do.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.ahead = 0.0
        self.notice_scale = 1.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.ahead, tz=UTC)

    def advance(self, *, seconds: float) -> None:
        with self._lock:
            self.ahead += seconds

    def reset(self) -> None:
        with self._lock:
            self.ahead, self.notice_scale = 0.0, 1.0


clock = Clock()


def rfc3339(moment: datetime) -> str:
    """As WeChat writes a time: `2018-06-08T10:34:56+08:00`."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def stamp(moment: datetime) -> str:
    """The yyyyMMddHHmmss inside WeChat's numbers."""
    return moment.astimezone(SHANGHAI).strftime("%Y%m%d%H%M%S")
