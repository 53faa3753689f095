"""A complaint in WeChat, beside the conversation about it."""

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from feedback.admin.complaints import TELLING_COLOURS, show_flags, show_promise, show_state
from feedback.admin.panels import Panel
from feedback.models import Ticket, TicketMessage
from feedback.rules.complaints import TellingState
from feedback.selectors.complaints import complaints_of_ticket, tellings_of_messages
from wallet_project.kit.admin import link_to, show_label, show_yuan


def complaint(request: HttpRequest, ticket: Ticket) -> Panel | None:
    """How it stands in WeChat; None where it is no complaint."""
    if not request.user.has_perm("feedback.view_complaint"):
        return None
    found = complaints_of_ticket(ticket.pk).first()
    if found is None:
        return None
    return Panel(
        "微信投诉",
        (
            ("投诉单号", link_to(found, found.complaint_id)),
            ("微信状态", show_state(found)),
            ("时限", show_promise(found)),
            ("第几次投诉", str(found.times)),
            ("申请退款（元）", show_yuan(found.refund_wanted)),
            ("情况", show_flags(found)),
        ),
    )


def show_arrivals(said: list[TicketMessage]) -> dict[int, SafeString]:
    """Below an answer: whether WeChat has it, part by part."""
    return {
        message_id: format_html(
            '<div class="flex gap-2 mt-2 text-xs">微信：{}</div>',
            format_html_join(
                " ",
                "{}",
                (
                    (show_label(telling.get_state_display(), TELLING_COLOURS[TellingState(telling.state)]),)
                    for telling in tellings
                ),
            ),
        )
        for message_id, tellings in tellings_of_messages(message.pk for message in said).items()
    }
