"""What stands beside a conversation: each panel is a function of the request and the ticket, or None."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounts.models import UserStatus
from accounts.rules.kyc import KycLevel
from accounts.selectors.kyc import level_of
from coupons.selectors.coupons import Shelf, coupons_of
from coupons.selectors.membership import tier_of
from coupons.selectors.points import points_of
from feedback.admin.agents import agent_at
from feedback.admin.clocks import promises_to
from feedback.models import Chat, Ticket
from feedback.rules.action_words import with_worth
from feedback.rules.chats import ChatState
from feedback.selectors.actions import actions_of, possible_for
from feedback.selectors.desk import known_subject_of, other_tickets_of
from feedback.selectors.scores import scores_by
from wallet.selectors.balances import balance_of
from wallet.selectors.records import records_of
from wallet_project.kit import clock
from wallet_project.kit.admin import link_to, show_label, show_yuan
from wallet_project.kit.money import Fen

_SHOWN = 5
ACTION_COLOURS = {"PROPOSED": "warning", "UNDER_WAY": "info", "DONE": "success", "FAILED": "danger"}
STATE_COLOURS = {"NEW": "warning", "OPEN": "info", "RESOLVED": "success"}


@dataclass(frozen=True)
class Panel:
    """`rows` are names and values; `body` is whatever else there is to see, safe to show."""

    title: str
    rows: tuple[tuple[str, Any], ...] = ()
    body: str = ""


PanelOf = Callable[[HttpRequest, Ticket], Panel | None]


def about(request: HttpRequest, ticket: Ticket) -> Panel | None:
    """The money that it is about."""
    found = known_subject_of(ticket)
    if found is None:
        return Panel("关联业务", (("金额（元）", show_yuan(ticket.amount)),)) if ticket.amount else None
    rows = (
        (found.name, link_to(found.row, found.title)),
        ("金额（元）", show_yuan(found.amount)),
        ("状态", found.state),
        ("时间", clock.in_words(found.at)),
    )
    return Panel("关联业务", tuple(row for row in rows if row[1]))


def actions(request: HttpRequest, ticket: Ticket) -> Panel | None:
    """What may be put right from here, and what was."""
    offered = format_html_join(
        "",
        '<a href="{}">{}</a>',
        (
            (reverse("admin:feedback_ticketaction_act", args=[ticket.pk, kind]), kind.label)
            for kind in possible_for(ticket, agent_at(request))
        ),
    )
    done = format_html_join(
        "",
        "<li><span>{}</span><span>{}</span><time>{}</time></li>",
        (
            (
                link_to(action, with_worth(action.kind, Fen(action.amount))),
                show_label(action.get_state_display(), ACTION_COLOURS.get(action.state)),
                clock.in_words(action.at)[5:16],
            )
            for action in actions_of(ticket.pk)[:_SHOWN]
        ),
    )
    if not offered and not done:
        return None
    buttons = format_html('<p class="desk-acts">{}</p>', offered) if offered else ""
    return Panel("办理", body=format_html("{}{}", buttons, _list(done) if done else ""))


def promises(request: HttpRequest, ticket: Ticket) -> Panel | None:
    """What was promised about time, and how it stands."""
    rows = promises_to(ticket)
    return Panel("时限", rows) if rows else None


def chat(request: HttpRequest, ticket: Ticket) -> Panel | None:
    """Whoever is on the line is answered there, where they see us write."""
    found = Chat.objects.filter(ticket=ticket).exclude(state=ChatState.ENDED).first()
    if found is None or not request.user.has_perm("feedback.change_ticket"):
        return None
    body = format_html('<p class="desk-more"><a href="{}">到在线客服接待</a></p>', reverse("chats"))
    return Panel("顾客在线", (("会话", found.get_state_display()),), body)


def customer(request: HttpRequest, ticket: Ticket) -> Panel | None:
    user = ticket.user
    if user is None:
        return Panel("顾客", (("身份", "尚未确认"),))
    if not request.user.has_perm("accounts.view_user"):
        return None
    frozen = user.status != UserStatus.ACTIVE
    rows = (
        ("昵称", link_to(user, user.nickname)),
        ("手机号", user.phone_masked or "未绑定"),
        ("状态", show_label(user.get_status_display(), "danger") if frozen else user.get_status_display()),
        ("会员等级", tier_of(user.pk).name),
        ("实名", KycLevel(level_of(user.pk)).label),
        ("注册", clock.in_words(user.created_at)[:10]),
    )
    everything = format_html(
        '<p class="desk-more"><a href="{}">登录、资金、留言、冻结的全部动态</a></p>',
        reverse("customer_timeline", args=[user.pk]),
    )
    return Panel("顾客", rows, everything)


def money(request: HttpRequest, ticket: Ticket) -> Panel | None:
    if ticket.user_id is None or not request.user.has_perm("wallet.view_wallet"):
        return None
    balance, now = balance_of(ticket.user_id), clock.now()
    points = points_of(ticket.user_id, at=now).account
    rows = [
        ("可用余额（元）", show_yuan(balance.available)),
        ("其中本金（元）", show_yuan(balance.principal)),
        ("冻结中（元）", show_yuan(balance.held)),
        ("积分", f"{points.active}（待生效 {points.pending}）"),
        ("可用优惠券", f"{coupons_of(ticket.user_id, shelf=Shelf.USABLE, at=now).count()} 张"),
    ]
    if balance.frozen or balance.receives_nothing:
        rows.insert(0, ("钱包", show_label(balance.stopped_because or "已冻结", "danger")))
    return Panel("资产", tuple(rows))


def recent_records(request: HttpRequest, ticket: Ticket) -> Panel | None:
    if ticket.user_id is None or not request.user.has_perm("wallet.view_record"):
        return None
    signs = {"in": "+", "out": "−"}
    lines = format_html_join(
        "",
        '<li><span>{}</span><span class="yuan">{}{}</span><time>{}</time></li>',
        (
            (
                link_to(line, line.title or line.get_kind_display()),
                signs.get(line.direction, ""),
                show_yuan(line.amount),
                clock.in_words(line.occurred_at)[5:16],
            )
            for line in records_of(ticket.user_id)[:_SHOWN]
        ),
    )
    return Panel("最近账单", body=_list(lines))


def ratings(request: HttpRequest, ticket: Ticket) -> Panel | None:
    """How content they were, the latest first; how they rated this ticket, too."""
    if ticket.user_id is None or not request.user.has_perm("feedback.view_invitation"):
        return None
    lines = format_html_join(
        "",
        "<li><span>{}</span><span>{}</span><time>{}</time></li>",
        (
            (
                link_to(rated, rated.survey.title),
                f"{rated.score} 分",
                clock.in_words(rated.answered_at)[5:16] if rated.answered_at else "",
            )
            for rated in scores_by(ticket.user_id)[:_SHOWN]
        ),
    )
    return Panel("评价", body=_list(lines)) if lines else None


def other_tickets(request: HttpRequest, ticket: Ticket) -> Panel | None:
    lines = format_html_join(
        "",
        "<li><span>{}</span><span>{}</span><time>{}</time></li>",
        (
            (
                link_to(other, other.subject),
                show_label(other.get_state_display(), STATE_COLOURS.get(other.state)),
                clock.in_words(other.opened_at)[5:16],
            )
            for other in other_tickets_of(ticket, limit=_SHOWN)
        ),
    )
    return Panel("其他工单", body=_list(lines)) if ticket.user_id else None


def _list(lines: str) -> str:
    return format_html('<ul class="desk-lines">{}</ul>', lines) if lines else "没有"
