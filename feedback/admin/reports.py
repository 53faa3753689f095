"""The lead's page: what rings next, who was told, which promises were kept, and what people write about."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join

from accounts.models import User
from feedback.admin.clocks import show_ring
from feedback.admin.escalations import RUNG_COLOURS
from feedback.models import Incident
from feedback.rules.sla import ClockKind, Rung
from feedback.rules.tickets import TicketKind
from feedback.selectors.calendars import years_to_enter
from feedback.selectors.escalations import waiting_for
from feedback.selectors.reports import (
    BY_AGENT,
    BY_CLOCK,
    BY_HOUR,
    BY_KIND,
    BY_QUEUE,
    kept_by,
    most_urgent_clocks,
    standing,
    troubles_by,
)
from wallet_project.kit import clock
from wallet_project.kit.admin import link_to, show_label, show_yuan

_PERIODS = (7, 30, 90)
_SHOWN = 15
Section = dict[str, Any]


def show_reports(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("feedback.view_slareport"):
        raise PermissionDenied
    chosen = request.GET.get("days", "")
    days = int(chosen) if chosen in map(str, _PERIODS) else _PERIODS[1]
    now = clock.now()
    since = clock.start_of_day(now) - timedelta(days=days - 1)
    for year in years_to_enter(clock.business_day(now)):
        messages.warning(request, f"{year} 年的节假日安排还没有录入，时限只按周末休息计算。")
    return TemplateResponse(
        request,
        "admin/desk.html",
        {
            **admin.site.each_context(request),
            "title": "时限与报表",
            "cards": _cards(now),
            "sections": [
                _incidents(),
                _escalations(request),
                _urgent(now),
                *_kept(since=since, until=now, days=days),
                *_troubles(since=since, until=now),
            ],
        },
    )


def _cards(now: datetime) -> list[dict[str, Any]]:
    figures = standing(at=now)
    emergencies = Incident.objects.filter(state=Incident.State.OPEN).count()
    return [
        {"title": "已超时", "value": figures.overdue, "alarm": figures.overdue > 0},
        {"title": "即将超时", "value": figures.warned},
        {"title": "计时中", "value": figures.running},
        {"title": "暂停计时", "value": figures.still},
        {"title": "处置中的紧急事件", "value": emergencies, "alarm": emergencies > 0},
    ]


def _incidents() -> Section:
    rows = [
        [link_to(each), clock.in_words(each.opened_at), each.items.filter(done_at=None).count()]
        for each in Incident.objects.filter(state=Incident.State.OPEN).order_by("opened_at")
    ]
    return _section("紧急事件", ["事件", "开始时间", "未完成事项"], rows, empty="没有处置中的紧急事件")


def _escalations(request: HttpRequest) -> Section:
    rows = [
        [
            link_to(each, each.clock.get_kind_display()),
            show_label(each.get_rung_display(), RUNG_COLOURS[Rung(each.rung)]),
            link_to(each.clock.ticket),
            each.clock.ticket.queue.name,
            clock.in_words(each.at),
        ]
        for each in waiting_for(request.user)[:_SHOWN]
    ]
    return _section(
        "升级到您的", ["时限", "升级至", "工单", "队列", "升级时间"], rows, empty="没有待处理的升级"
    )


def _urgent(now: datetime) -> Section:
    rows = [
        [
            show_ring(each.due_at, at=now),
            each.get_kind_display(),
            link_to(each.ticket),
            each.ticket.subject,
            each.ticket.queue.name,
            each.ticket.assignee.nickname if each.ticket.assignee else "无人受理",
        ]
        for each in most_urgent_clocks(limit=_SHOWN)
    ]
    headers = ["时限", "种类", "工单", "主题", "队列", "受理人"]
    return _section("最急的", headers, rows, empty="没有计时中的工单")


def _kept(*, since: datetime, until: datetime, days: int) -> list[Section]:
    """Five looks at the same promises."""
    names = {member.pk: str(member) for member in User.objects.filter(is_staff=True)}
    looks: list[tuple[str, Any, Callable[[Any], Any]]] = [
        ("按时限", BY_CLOCK, lambda kind: ClockKind(kind).label),
        ("按客服", BY_AGENT, lambda pk: names.get(pk, "无人受理")),
        ("按队列", BY_QUEUE, str),
        ("按类型", BY_KIND, lambda kind: TicketKind(kind).label),
        ("按提问的钟点", BY_HOUR, lambda hour: f"{hour}:00–{hour}:59"),
    ]
    sections = []
    for title, group, word in looks:
        found = kept_by(group, since=since, until=until)
        if group is BY_HOUR:
            found = sorted(found, key=lambda each: each.group)
        rows = [
            [
                word(each.group),
                each.hits,
                show_label(str(each.misses), "danger") if each.misses else 0,
                f"{each.percent}%",
            ]
            for each in found
        ]
        sections.append(
            _section(f"时限达成：{title}", ["", "达成", "超时", "达成率"], rows, empty="这段时间没有")
        )
    sections[0]["note"] = format_html("最近 {} 天。换一段：{}", days, _periods(days))
    return sections


def _periods(days: int) -> Any:
    others = [(each, each) for each in _PERIODS if each != days]
    return format_html_join("，", '<a class="text-primary-600 underline" href="?days={}">{} 天</a>', others)


def _troubles(*, since: datetime, until: datetime) -> list[Section]:
    looks: list[tuple[str, str, Callable[[Any], Any]]] = [
        ("按类型", "kind", lambda kind: TicketKind(kind).label),
        ("按根因", "cause__name", lambda name: name or "未标注"),
        ("按标签", "tags__tag__name", lambda name: name or "未标注"),
    ]
    return [
        _section(
            f"问题：{title}",
            ["", "工单", "较前一段", "涉及金额（元）"],
            [
                [word(each.group), each.tickets, _trend(each.tickets - each.before), show_yuan(each.amount)]
                for each in troubles_by(group, since=since, until=until)[:_SHOWN]
            ],
            empty="这段时间没有工单",
        )
        for title, group, word in looks
    ]


def _trend(more: int) -> Any:
    return (
        show_label(f"+{more}", "danger") if more > 0 else show_label(str(more), "success" if more else None)
    )


def _section(title: str, headers: list[str], rows: list[list[Any]], *, empty: str) -> Section:
    return {"title": title, "table": {"headers": headers, "rows": rows}, "note": "" if rows else empty}
