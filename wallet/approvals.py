"""What two people may do to a wallet, and to all money."""

from typing import Any

from wallet.services.pauses import lift_pause
from wallet.services.wallets import unfreeze_wallet
from wallet_project.approvals.kinds import carries_out


@carries_out(
    "wallet.unfreeze",
    title="解冻钱包",
    permission="wallet.approve_unfreeze",
    shows=lambda wallet_id, **_: {"钱包": wallet_id, "状态": ("已冻结", "正常")},
)
def unfreeze(*, wallet_id: int, reason: str, **_shown: Any) -> None:
    unfreeze_wallet(wallet_id=wallet_id, reason=reason)


@carries_out(
    "wallet.lift_pause",
    title="恢复资金业务",
    permission="wallet.approve_lift_pause",
    shows=lambda cause, since, **_: {"起因": cause, "暂停时间": since, "资金业务": ("暂停", "恢复")},
)
def lift(*, pause_id: int, reason: str, **_shown: Any) -> str:
    lift_pause(pause_id=pause_id, reason=reason)
    return "资金业务已恢复，数秒内全部生效"
