"""The voice of the customer on one page: how content they are, who is to be called back, what is wanted."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import Truncator

from accounts.models import User
from feedback.admin.surveys import in_percent, nps_in_words, share_of
from feedback.rules.scores import satisfaction
from feedback.rules.surveys import SurveyKind
from feedback.rules.tickets import TicketKind
from feedback.selectors.follow_ups import open_follow_ups
from feedback.selectors.scores import (
    Counts,
    response_rate,
    score_counts,
    score_counts_by_agent,
    score_counts_by_month,
    score_counts_by_ticket_kind,
)
from feedback.selectors.suggestions import most_wanted, waiting_suggestions
from wallet_project.kit import clock
from wallet_project.kit.admin import link_to, show_label

_SHOWN = 20  # the rest is in the lists
_MONTH, _QUARTER, _YEAR = timedelta(days=30), timedelta(days=90), timedelta(days=365)


def show_voice(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("feedback.view_survey"):
        raise PermissionDenied
    now = clock.now()
    return TemplateResponse(
        request,
        "admin/desk.html",
        {
            **admin.site.each_context(request),
            "title": "顾客之声",
            "cards": _cards(now),
            "sections": [_follow_ups(now), _agents(now), _kinds(now), _months(now), _suggestions()],
        },
    )


def _cards(now: datetime) -> list[dict[str, Any]]:
    content = satisfaction(score_counts(SurveyKind.CSAT, since=now - _MONTH, before=now))
    before = satisfaction(score_counts(SurveyKind.CSAT, since=now - 2 * _MONTH, before=now - _MONTH))
    answered, asked = response_rate(since=now - _MONTH, before=now)
    waiting, unanswered = open_follow_ups().count(), waiting_suggestions()
    return [
        {
            "title": "满意率（30 天）",
            "value": f"{in_percent(content.percent)}（前 30 天 {in_percent(before.percent)}）",
        },
        {
            "title": "净推荐值（90 天）",
            "value": nps_in_words(score_counts(SurveyKind.NPS, since=now - _QUARTER, before=now)),
        },
        {"title": "作答率（30 天）", "value": f"{share_of(answered, asked)}（{answered:,}／{asked:,}）"},
        {"title": "待回访的低分", "value": waiting, "alarm": waiting > 0},
        {"title": "未答复的建议", "value": unanswered},
    ]


def _follow_ups(now: datetime) -> dict[str, Any]:
    tickets = list(open_follow_ups()[:_SHOWN])
    rows = [
        [
            link_to(ticket),
            ticket.subject,
            link_to(ticket.user),
            ticket.assignee.nickname if ticket.assignee else show_label("无人受理", "warning"),
            f"{(now - ticket.opened_at).days} 天",
        ]
        for ticket in tickets
    ]
    more = open_follow_ups().count() - len(rows)
    return {
        "title": "低分回访",
        "note": f"还有 {more} 条，请看渠道为低分回访的工单" if more else "" if rows else "没有待回访的顾客",
        "table": {"headers": ["工单", "主题", "顾客", "受理人", "已等待"], "rows": rows},
    }


def _agents(now: datetime) -> dict[str, Any]:
    found = score_counts_by_agent(since=now - _MONTH, before=now)
    people = User.objects.in_bulk(set(found) - {None})
    rows = [
        [people[agent].nickname if agent else "无人受理", *_satisfaction(counts)]
        for agent, counts in found.items()
    ]
    return _of_satisfaction("按客服（30 天）", "客服", rows)


def _kinds(now: datetime) -> dict[str, Any]:
    found = score_counts_by_ticket_kind(since=now - _MONTH, before=now)
    rows = [
        [str(TicketKind(kind).label) if kind else "工单已清理", *_satisfaction(counts)]
        for kind, counts in found.items()
    ]
    return _of_satisfaction("按工单类型（30 天）", "类型", rows)


def _of_satisfaction(title: str, first: str, rows: list[list[str]]) -> dict[str, Any]:
    return {"title": title, "table": {"headers": [first, "评价数", "满意率", "平均分"], "rows": rows}}


def _satisfaction(counts: Counts) -> list[str]:
    found = satisfaction(counts)
    mean = "—" if found.mean is None else f"{found.mean:.2f}"
    return [f"{found.answers:,}", in_percent(found.percent), mean]


def _months(now: datetime) -> dict[str, Any]:
    content = score_counts_by_month(SurveyKind.CSAT, since=now - _YEAR, before=now)
    loyal = score_counts_by_month(SurveyKind.NPS, since=now - _YEAR, before=now)
    rows = [
        [
            month.strftime("%Y-%m"),
            *_satisfaction(content.get(month, {})),
            f"{sum(loyal.get(month, {}).values()):,}",
            nps_in_words(loyal.get(month, {})),
        ]
        for month in sorted({*content, *loyal}, reverse=True)
    ]
    return {
        "title": "按月",
        "table": {"headers": ["月份", "评价数", "满意率", "平均分", "推荐度答卷", "净推荐值"], "rows": rows},
    }


def _suggestions() -> dict[str, Any]:
    rows = [
        [
            link_to(each, each.title or Truncator(each.text).chars(40)),
            show_label(each.get_state_display(), "warning"),
            f"{each.support:,}",
        ]
        for each in most_wanted(limit=_SHOWN)
    ]
    return {
        "title": "最想要的",
        "note": "" if rows else "没有待决定的建议",
        "table": {"headers": ["建议", "状态", "支持人数"], "rows": rows},
    }
