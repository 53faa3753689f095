"""What two people decide together."""

from datetime import datetime
from typing import Any

from wallet_project.approvals.kinds import carries_out
from wallet_project.kit import clock
from wallet_project.pauses.services import lift_pause


@carries_out(
    "pauses.lift",
    title="恢复业务",
    permission="pauses.approve_lift_pause",
    also=("checker_id",),
    shows=lambda flow, cause, since, **_: {
        "起因": cause,
        "暂停时间": clock.in_words(datetime.fromisoformat(since)),
        flow: ("暂停", "恢复"),
    },
)
def lift(*, pause_id: int, flow: str, reason: str, checker_id: int, **_shown: Any) -> str:
    lift_pause(pause_id=pause_id, reason=reason, checker_id=checker_id)
    return f"{flow}已恢复，数秒内全部生效"
