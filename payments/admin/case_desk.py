"""The front page of exceptions: what is late, what is next, and how each kind stands."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from payments.admin.work import show_work_due
from payments.selectors.cases import CaseFigures, case_figures, most_urgent
from wallet_project.kit import clock
from wallet_project.kit.admin import in_hours, link_to, show_label, show_yuan

_SHOWN = 20  # the rest is in the list


def show_case_desk(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("payments.view_exceptioncase"):
        raise PermissionDenied
    figures = case_figures(at=clock.now())
    return TemplateResponse(
        request,
        "admin/desk.html",
        {
            **admin.site.each_context(request),
            "title": "异常总览",
            "cards": _cards(figures),
            "sections": [_urgent(figures), _kinds(figures)],
        },
    )


def _cards(figures: list[CaseFigures]) -> list[dict[str, Any]]:
    def total(name: str) -> int:
        return sum(getattr(each, name) for each in figures)

    return [
        {"title": "已逾期", "value": total("overdue"), "alarm": total("overdue") > 0},
        {"title": "待处理", "value": total("open")},
        {"title": "无人接手", "value": total("unowned"), "alarm": total("unowned") > 0},
        {"title": "退款中", "value": total("refunding")},
        {"title": "今日新增", "value": total("opened_today")},
        {"title": "今日结束", "value": total("closed_today")},
        {"title": "30 天内结束", "value": total("closed")},
        {"title": "其中自动处理", "value": _share(total("automatic"), total("closed"))},
    ]


def _urgent(figures: list[CaseFigures]) -> dict[str, Any]:
    now, cases = clock.now(), list(most_urgent(limit=_SHOWN))
    people = User.objects.in_bulk({case.assignee_id for case in cases} - {None})
    rows = [
        [
            show_work_due(case, at=now),
            link_to(case, case.get_kind_display()),
            case.number or case.transaction_id or "—",
            show_yuan(case.amount or None),
            str(people.get(case.assignee_id, "无人接手")),
        ]
        for case in cases
    ]
    more = sum(each.open for each in figures) - len(rows)
    return {
        "title": "最急的",
        "note": f"还有 {more} 条，请看列表" if more > 0 else "" if rows else "没有待处理的异常",
        "table": {"headers": ["时限", "类型", "单号", "金额（元）", "处理人"], "rows": rows},
    }


def _kinds(figures: list[CaseFigures]) -> dict[str, Any]:
    rows = [
        [
            _list_of(each),
            each.open,
            show_label(str(each.overdue), "danger") if each.overdue else 0,
            each.opened_today,
            each.closed_today,
            in_hours(each.median) if each.median is not None else "—",
            _share(each.automatic, each.closed),
        ]
        for each in figures
    ]
    return {
        "title": "按类型",
        "note": "处理时长和自动占比按最近 30 天内结束的计算",
        "table": {
            "headers": ["类型", "待处理", "已逾期", "今日新增", "今日结束", "处理时长中位数", "自动处理占比"],
            "rows": rows,
        },
    }


def _list_of(figures: CaseFigures) -> Any:
    query = urlencode({"kind__exact": figures.kind, "open": "yes"})
    address = f"{reverse('admin:payments_exceptioncase_changelist')}?{query}"
    name = figures.title
    return format_html('<a class="text-primary-600 underline" href="{}">{}</a>', address, name)


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else "—"
