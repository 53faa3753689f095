"""What two people may change in the schedule."""

from typing import Any

from wallet_project.approvals.kinds import carries_out
from wallet_project.compliance.rules.words import in_words
from wallet_project.compliance.services.retention import change_rule


@carries_out(
    "compliance.retention",
    title="修改保存期限",
    permission="compliance.approve_retention",
    shows=lambda title, keep_days, enabled, before, **_: {
        "数据种类": title,
        "保存期限": (in_words(before["keep_days"]), in_words(keep_days)),
        "到期清理": ("执行" if before["enabled"] else "停用", "执行" if enabled else "停用"),
    },
)
def change_retention(*, kind: str, keep_days: int, enabled: bool, **_shown: Any) -> None:
    change_rule(kind=kind, keep_days=keep_days, enabled=enabled)
