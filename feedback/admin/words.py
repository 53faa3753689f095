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
        "feedback.ticket.assigned": "指派工单",
        "feedback.agent.began": "开始接单",
        "feedback.agent.stopped": "暂停接单",
        "feedback.contact.seen": "查看工单联系方式",
    },
)
name_actions(
    "顾客之声",
    {
        "feedback.survey.exported": "下载问卷答卷",
        "feedback.suggestion.merged": "合并产品建议",
        "feedback.suggestion.moved": "答复产品建议",
        "feedback.suggestion.published": "公开产品建议",
    },
)

name_actions(
    "客服时限",
    {
        "feedback.sla_policy.set": "调整时限政策",
        "feedback.calendar.set": "调整工作日历",
        "feedback.special_days.set": "录入节假日安排",
        "feedback.escalation.seen": "处理超时升级",
        "feedback.incident.began": "紧急事件开始",
        "feedback.incident.led": "接手紧急事件",
        "feedback.incident.item": "完成应急事项",
        "feedback.incident.ended": "紧急事件结束",
    },
)

name_actions(
    "微信投诉",
    {
        "feedback.complaint.refund_refused": "拒绝投诉人的退款申请",
        "feedback.complaint.told_again": "重新发给微信",
        "feedback.complaint.phone_seen": "查看投诉人电话",
    },
)
