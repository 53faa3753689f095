"""What can go wrong with tickets."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class NothingSaid(DomainError):
    code = "NOTHING_SAID"
    status = 400
    message = _("请写明内容")
    remembered = False


class TicketClosed(DomainError):
    """It is over; whoever needs more opens a new one that follows it."""

    code = "TICKET_CLOSED"
    status = 409
    message = _("工单已关闭，请重新提交")
    facts = ("number",)


class TooManyTickets(DomainError):
    """`limit` of theirs are open, or were opened today."""

    code = "TOO_MANY_TICKETS"
    status = 429
    message = _("提交的工单过多，请先等待已提交的处理完毕")
    facts = ("limit",)
    remembered = False


class CannotMerge(DomainError):
    """One of the two is over, they are the same, or they are of two customers."""

    code = "TICKETS_CANNOT_MERGE"
    status = 409
    message = _("只能合并同一顾客尚未关闭的不同工单")


class CustomerUnknown(DomainError):
    code = "TICKET_CUSTOMER_UNKNOWN"
    status = 409
    message = _("尚未确认工单的顾客")


class CustomerKnown(DomainError):
    code = "TICKET_CUSTOMER_KNOWN"
    status = 409
    message = _("工单已有顾客，不能改为他人")
