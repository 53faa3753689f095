"""What the support desk does, in the words of the audit trail."""

from wallet_project.audit.words import name_actions

name_actions("客服", {"feedback.picture.seen": "查看顾客图片"})
