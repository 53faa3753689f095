"""What the compliance desk does, in the words of the audit trail."""

from wallet_project.audit.words import name_actions

name_actions(
    "合规",
    {
        "compliance.checklist.opened": "开始检查",
        "compliance.checklist.submitted": "提交检查结果",
        "compliance.checklist.signed": "签署检查结果",
        "compliance.checklist.returned": "退回检查结果",
        "compliance.deadline.reached": "到期提醒",
        "compliance.scan.imported": "导入扫描报告",
        "compliance.finding.accepted": "接受漏洞风险",
        "compliance.retention.changed": "修改保存期限",
        "compliance.retention.cleared": "清理过期数据",
    },
)
