"""What is done about messages, in the words of the audit trail."""

from wallet_project.audit.words import name_actions

name_actions(
    "消息",
    {
        "notifications.notice.changed": "修改通知",
        "notifications.notice.tried": "试发通知",
        "notifications.delivery.repeated": "重新发送消息",
        "notifications.delivery.discarded": "放弃发送消息",
        "notifications.broadcast.paused": "暂停群发消息",
        "notifications.broadcast.goes_on": "继续群发消息",
        "notifications.broadcast.tried_again": "重试群发失败的顾客",
    },
)
