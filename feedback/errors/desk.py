"""What keeps an agent's reply from being sent; said to staff, who keep what they wrote."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class ConversationWentOn(DomainError):
    code = "CONVERSATION_WENT_ON"
    status = 409
    message = _("您写的时候对话有了新内容，请看过之后再发送")


class ReplyUnfinished(DomainError):
    code = "REPLY_UNFINISHED"
    status = 422
    message = _("回复里还有没有填写的内容，请补全或删去")
    facts = ("variables",)
