"""What two people may tell many."""

from typing import Any

from wallet_project.approvals.going_live import go_live
from wallet_project.approvals.kinds import carries_out
from wallet_project.notifications.models import Broadcast

_LABEL = Broadcast._meta.label_lower


@carries_out(
    _LABEL,
    title="群发消息",
    permission="notifications.approve_broadcast",
    shows=lambda terms, foreseen, **_: {**Broadcast.shown(terms), **foreseen},
)
def send_broadcast(*, row_id: int, terms: dict[str, Any], reason: str, **_shown: Any) -> str:
    return f"到时发送：{go_live(label=_LABEL, row_id=row_id, terms=terms, reason=reason)}"
