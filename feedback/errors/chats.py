"""What can go wrong in a live chat."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class ChatEnded(DomainError):
    """It goes on in its ticket."""

    code = "CHAT_ENDED"
    status = 409
    message = _("会话已结束，请在工单中继续留言")
    facts = ("ticket_number",)


class TooManyChats(DomainError):
    """`limit` were opened within an hour."""

    code = "TOO_MANY_CHATS"
    status = 429
    message = _("发起会话太频繁，请稍后再试，或提交工单")
    facts = ("limit",)
    remembered = False


class ChatNotYours(DomainError):
    """Somebody else of the staff talks with this customer, or nobody does yet."""

    code = "CHAT_NOT_YOURS"
    status = 409
    message = _("这位顾客不由您接待")


class NobodyWaits(DomainError):
    code = "CHAT_LINE_EMPTY"
    status = 409
    message = _("没有排队的顾客")


class ColleagueAway(DomainError):
    code = "CHAT_COLLEAGUE_AWAY"
    status = 409
    message = _("这位同事现在没有接待")
