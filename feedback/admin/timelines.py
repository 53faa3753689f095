"""A customer's moments on one page, for whoever helps them."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join

from accounts.models import User
from feedback.admin.agents import agent_at
from feedback.selectors.timelines import Moment, MomentKind, timeline_of
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.admin import link_to, show_label, show_yuan

_SHOWN = 50
_COLOURS = {MomentKind.MONEY: "success", MomentKind.ACCOUNT: "warning", MomentKind.WORDS: "info"}


def show_timeline(request: HttpRequest, user_id: int) -> HttpResponse:
    if not request.user.has_perms(["accounts.view_user", "wallet.view_record", "feedback.view_ticket"]):
        raise PermissionDenied
    if user_id in agent_at(request).own_user_ids:
        raise PermissionDenied  # it tells what we noted for ourselves
    user = get_object_or_404(User, pk=user_id)
    kind = request.GET.get("kind", "")
    kind = kind if kind in MomentKind.values else ""
    before = _moment(request.GET.get("before", "")) or clock.now()
    moments = timeline_of(user_id, before=before, limit=_SHOWN, kind=kind)
    record_audit(action="accounts.pii.viewed", subject=f"user:{user_id}", facts={"page": "顾客动态"})
    return TemplateResponse(
        request,
        "admin/desk.html",
        {
            **admin.site.each_context(request),
            "title": f"{user.nickname} 的动态",
            "sections": [
                {
                    "title": _kinds(kind),
                    "note": _older(moments, kind),
                    "table": {
                        "headers": ["时间", "类型", "事项", "内容", "金额（元）"],
                        "rows": [_row(moment) for moment in moments],
                    },
                }
            ],
        },
    )


def _row(moment: Moment) -> list[Any]:
    return [
        clock.in_words(moment.at),
        show_label(str(moment.kind.label), _COLOURS.get(moment.kind)),
        link_to(moment.row, moment.title) if moment.row else moment.title,
        moment.detail or "—",
        show_yuan(moment.amount),
    ]


def _kinds(chosen: str) -> str:
    choices = [("", "全部"), *MomentKind.choices]
    return format_html_join(
        " · ",
        "{}",
        (
            (
                name
                if kind == chosen
                else format_html('<a href="?{}">{}</a>', urlencode({"kind": kind}), name),
            )
            for kind, name in choices
        ),
    )


def _older(moments: list[Moment], kind: str) -> str:
    if len(moments) < _SHOWN:
        return "没有更早的了" if moments else "没有记录"
    query = urlencode({"kind": kind, "before": moments[-1].at.isoformat()})
    return format_html('<a class="underline" href="?{}">更早的</a>', query)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None
