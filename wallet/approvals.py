"""What two people may do to a wallet."""

from typing import Any

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
