"""The agent's chat page: who is in line, my talks beside it, and the one that is open."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from rest_framework import serializers

from feedback.models import Agent, Chat, TicketMessage
from feedback.rules.chats import LONGEST_MESSAGE, ChatState
from feedback.rules.tickets import Voice
from feedback.selectors.chats import (
    chat_called,
    chats_in_line,
    chats_with,
    customer_is_here,
    is_typing,
    messages_after,
)
from feedback.selectors.routing import agents_there
from feedback.services import chat_desk
from feedback.services.presence import be_there, start_taking, stop_taking
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, link_to, show_label, staff_id
from wallet_project.kit.api.exceptions import answer_error, as_domain_error
from wallet_project.kit.api.parsers import parse_strictly
from wallet_project.kit.api.serializers import (
    InputSerializer,
    ProseField,
    StrictBooleanField,
    StrictCharField,
    StrictIntegerField,
)

_COLOURS = {"WAITING": "warning", "TALKING": "success"}


@admin.register(Chat)
class ChatAdmin(ReadOnlyAdmin):
    """What became of them, for whoever looks after the agents."""

    list_display = (
        "number",
        "shown_customer",
        "shown_state",
        "agent",
        "opened_at",
        "shown_wait",
        "shown_ticket",
    )
    list_filter = ("state", "end", "opened_at")
    search_fields = ("=number", "=ticket__number")
    search_help_text = "会话号、工单号"
    list_select_related = ("user", "agent", "ticket")
    ordering = ("-id",)
    fields = (*list_display, "taken_at", "ended_at")
    readonly_fields = ("shown_customer", "shown_state", "shown_wait", "shown_ticket")

    @admin.display(description="顾客")
    def shown_customer(self, chat: Chat) -> Any:
        return link_to(chat.user)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, chat: Chat) -> Any:
        return show_label(chat.get_end_display() or chat.get_state_display(), _COLOURS.get(chat.state))

    @admin.display(description="等待")
    def shown_wait(self, chat: Chat) -> str:
        until = chat.taken_at or chat.ended_at or clock.now()
        minutes, seconds = divmod(int((until - chat.opened_at).total_seconds()), 60)
        return f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"

    @admin.display(description="工单")
    def shown_ticket(self, chat: Chat) -> Any:
        return link_to(chat.ticket)


@require_GET
def show_chats(request: HttpRequest) -> HttpResponse:
    _require_agent(request)
    socket = settings.CHAT_SOCKET_URL
    return TemplateResponse(
        request,
        "admin/feedback/chats.html",
        {
            **admin.site.each_context(request),
            "title": "在线客服",
            "longest": LONGEST_MESSAGE,
            "socket": f"{socket}/admin/feedback/chats" if socket else "",
        },
    )


class LookInput(InputSerializer):
    number = serializers.CharField(required=False, default="", max_length=32, allow_blank=True)
    after = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**63 - 1)


@require_GET
def look(request: HttpRequest) -> HttpResponse:
    """Everything that the page shows, and that its agent is there."""
    _require_agent(request)
    agent_id = staff_id(request)
    be_there(user_id=agent_id)
    return _answer(lambda: _seen(agent_id, **LookInput.checked(request.GET.dict())))


@require_POST
def act(request: HttpRequest, name: str) -> HttpResponse:
    """One of _ACTS; what it takes is JSON."""
    _require_agent(request)
    done = _ACTS.get(name)
    if done is None:
        raise Http404
    return _answer(lambda: done(staff_id(request), parse_strictly(request.body)))


def _answer(work: Callable[[], Any]) -> HttpResponse:
    try:
        return JsonResponse(work() or {})
    except Exception as error:  # noqa: BLE001 - the page's script reads errors as the API's clients do
        return answer_error(as_domain_error(error))


def _seen(agent_id: int, *, number: str, after: int) -> dict[str, Any]:
    now = clock.now()
    mine = list(chats_with(agent_id))
    me = Agent.objects.filter(user=agent_id).first()
    colleagues = agents_there(now).exclude(user=agent_id).select_related("user")
    return {
        "takes_new": bool(me and me.takes_new),
        "line": [_in_short(chat, since=chat.waiting_since) for chat in chats_in_line()[:50]],
        "mine": [{**_in_short(chat, since=chat.opened_at), **_news(chat)} for chat in mine],
        "colleagues": [{"key": str(each.user_id), "name": each.user.nickname} for each in colleagues],
        "open": _open(chat_called(number), agent_id, after=after) if number else None,
    }


def _in_short(chat: Chat, *, since: Any) -> dict[str, Any]:
    return {
        "number": chat.number,
        "name": chat.user.nickname,
        "kind": chat.ticket.get_kind_display(),
        "subject": chat.ticket.subject,
        "priority": chat.ticket.priority,
        "seconds": int((clock.now() - since).total_seconds()),
    }


def _news(chat: Chat) -> dict[str, Any]:
    unread = chat.ticket.messages.filter(pk__gt=chat.agent_read, voice=Voice.CUSTOMER).count()
    return {
        "unread": unread,
        "here": customer_is_here(chat, at=clock.now()),
        "typing": is_typing(chat, Voice.CUSTOMER),
    }


def _open(chat: Chat, agent_id: int, *, after: int) -> dict[str, Any]:
    messages, has_more = messages_after(chat, after=after)
    return {
        **_in_short(chat, since=chat.opened_at),
        "state": chat.get_end_display() or chat.get_state_display(),
        "is_mine": chat.state == ChatState.TALKING and chat.agent_id == agent_id,
        "ticket": reverse("admin:feedback_ticket_change", args=[chat.ticket_id]),
        "here": customer_is_here(chat, at=clock.now()),
        "typing": is_typing(chat, Voice.CUSTOMER),
        "read": chat.customer_read,
        "messages": [_line(message) for message in messages],
        "cursor": messages[-1].pk if messages else after,
        "has_more": has_more,
    }


def _line(message: TicketMessage) -> dict[str, Any]:
    return {
        "id": message.pk,
        "voice": message.voice,
        "badge": message.get_voice_display(),
        "body": message.body,
        "at": clock.in_words(message.at)[11:16],
    }


class ChatInput(InputSerializer):
    number = StrictCharField(max_length=32)


class ReplyInput(ChatInput):
    client_id = StrictCharField(max_length=40)
    body = ProseField(max_length=LONGEST_MESSAGE)


class SignalInput(ChatInput):
    read_up_to = StrictIntegerField(required=False, default=0, min_value=0)
    typing = StrictBooleanField(required=False, default=False)


class HandOverInput(ChatInput):
    colleague = serializers.IntegerField(allow_null=True, default=None)


class SeatInput(InputSerializer):
    takes_new = StrictBooleanField()


def _seat(agent_id: int, wish: Any) -> None:
    change = start_taking if SeatInput.checked(wish)["takes_new"] else stop_taking
    change(user_id=agent_id)


def _take_next(agent_id: int, _wish: Any) -> dict[str, Any]:
    return {"number": chat_desk.take_next(agent_id=agent_id).number}


def _take(agent_id: int, wish: Any) -> None:
    chat_desk.take(agent_id=agent_id, **ChatInput.checked(wish))


def _say(agent_id: int, wish: Any) -> dict[str, Any]:
    return _line(chat_desk.reply(agent_id=agent_id, **ReplyInput.checked(wish)))


def _signal(agent_id: int, wish: Any) -> None:
    chat_desk.signal(agent_id=agent_id, **SignalInput.checked(wish))


def _hand_over(agent_id: int, wish: Any) -> None:
    given = HandOverInput.checked(wish)
    chat_desk.hand_over(agent_id=agent_id, number=given["number"], colleague_id=given["colleague"])


def _solve(agent_id: int, wish: Any) -> None:
    chat_desk.end_as_solved(agent_id=agent_id, **ChatInput.checked(wish))


def _leave(agent_id: int, wish: Any) -> None:
    chat_desk.leave_to_ticket(agent_id=agent_id, **ChatInput.checked(wish))


_ACTS: dict[str, Callable[[int, Any], dict[str, Any] | None]] = {
    "seat": _seat,
    "next": _take_next,
    "take": _take,
    "say": _say,
    "signal": _signal,
    "hand-over": _hand_over,
    "solve": _solve,
    "leave": _leave,
}


def _require_agent(request: HttpRequest) -> None:
    """:raises PermissionDenied: they do not answer customers"""
    if not request.user.has_perm("feedback.change_ticket"):
        raise PermissionDenied
