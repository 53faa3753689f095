"""When people are left alone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_SHANGHAI = ZoneInfo("Asia/Shanghai")

BEGIN, END = time(22), time(8)
"""For whoever has not said otherwise, in Shanghai time."""


def end_of_quiet(at: datetime, *, begins: time, ends: time) -> datetime | None:
    """When somebody may be told again; None: now. From 22:00 to 08:00 goes over midnight; they differ."""
    local = at.astimezone(_SHANGHAI)
    now, over_midnight = local.time(), begins > ends
    is_quiet = (now >= begins or now < ends) if over_midnight else begins <= now < ends
    if not is_quiet:
        return None
    end = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)
