"""What staff do about numbers, in the words of the audit trail."""

from wallet_project.audit.words import name_actions

name_actions(
    "告警",
    {
        "analytics.alert.assigned": "指派告警",
        "analytics.alert.noted": "备注告警",
        "analytics.alert.closed": "关闭告警",
    },
)
name_actions("看板", {"analytics.board.exported": "导出看板"})
