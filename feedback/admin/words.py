"""What the support desk does, in the words of the audit trail."""

from wallet_project.audit.words import name_actions

name_actions("客服", {"feedback.picture.seen": "查看顾客图片"})
name_actions(
    "客服工单",
    {
        "feedback.ticket.opened": "提交工单",
        "feedback.ticket.moved": "变更工单状态",
        "feedback.ticket.reclassified": "调整工单分类",
        "feedback.ticket.identified": "确认工单顾客",
        "feedback.ticket.linked": "关联工单业务",
        "feedback.ticket.tagged": "标注工单",
        "feedback.ticket.cause_named": "填写工单根因",
    },
)
name_actions(
    "顾客之声",
    {
        "feedback.suggestion.merged": "合并产品建议",
        "feedback.suggestion.moved": "答复产品建议",
        "feedback.suggestion.published": "公开产品建议",
    },
)
