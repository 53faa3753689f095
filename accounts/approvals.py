"""What two people may do to a customer."""

from typing import Any

from accounts.rules.kyc import ChangeReason, KycLevel
from accounts.services.kyc_levels import lower_level
from wallet_project.approvals.kinds import carries_out


@carries_out(
    "accounts.kyc_downgrade",
    title="降低实名等级",
    permission="accounts.approve_kyc_downgrade",
    shows=lambda user_id, level, **_: {
        "用户": user_id,
        "实名等级": (KycLevel(level).label, "仅凭手机号"),
    },
)
def downgrade(*, user_id: int, reason: str, **_shown: Any) -> str:
    lowered = lower_level(user_id=user_id, reason=ChangeReason.RISK, note=reason)
    return "等级已降低" if lowered else "等级本来就没有高于手机号"
