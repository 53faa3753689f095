"""How much time is left, in words and in a colour: the same for a case, a ticket and a complaint."""

from datetime import datetime, timedelta
from typing import Any

from wallet_project.kit.admin.bases import show_label

_COLOURS = {"late": "danger", "soon": "warning", "calm": "info"}


def heat_of(due_at: datetime, *, at: datetime, soon: timedelta) -> tuple[str, str]:
    """How much time is left, or by how much it is late, and: late, soon or calm."""
    if due_at < at:
        return f"逾期 {in_hours(at - due_at)}", "late"
    return f"剩 {in_hours(due_at - at)}", "soon" if due_at - at < soon else "calm"


def show_due(due_at: datetime, *, at: datetime, soon: timedelta, what: str = "") -> Any:
    words, heat = heat_of(due_at, at=at, soon=soon)
    return show_label(what + words, _COLOURS[heat])


def in_hours(span: timedelta) -> str:
    minutes = max(int(span.total_seconds()) // 60, 0)
    if minutes < 60:
        return f"{minutes} 分钟"
    hours = minutes // 60
    return f"{hours // 24} 天 {hours % 24} 小时" if hours >= 24 else f"{hours} 小时"
