"""The desk's front page: what is late, what is due, what is open, and that the schedule ran."""

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.timezone import localtime

from wallet_project.compliance.admin.retention import show_run
from wallet_project.compliance.admin.scans import SEVERITY_COLOURS
from wallet_project.compliance.rules.deadlines import Deadline
from wallet_project.compliance.rules.words import in_words
from wallet_project.compliance.selectors.desk import SOON, Desk, desk
from wallet_project.compliance.selectors.findings import AGES
from wallet_project.compliance.selectors.outdated import KINDS
from wallet_project.kit import clock
from wallet_project.kit.admin import link_to, show_label

_SHOWN = 20  # the rest is in the registers


def show_desk(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("compliance.view_licence"):
        raise PermissionDenied
    now = clock.now()
    facts = desk(now=now)
    return TemplateResponse(
        request,
        "admin/desk.html",
        {
            **admin.site.each_context(request),
            "title": "合规总览",
            "cards": _cards(facts),
            "sections": [
                _deadlines(facts, today=clock.business_day(now)),
                _findings(facts),
                _reports(facts),
                _unmet(facts),
                _retention(facts),
            ],
        },
    )


def _cards(facts: Desk) -> list[dict[str, Any]]:
    grave = sum(next(iter(facts.findings.values())))
    return [
        {"title": "已逾期", "value": facts.late, "alarm": facts.late > 0},
        {"title": f"{SOON} 天内到期", "value": facts.soon},
        {
            "title": "培训逾期员工",
            "value": f"{facts.untrained} / {facts.colleagues}",
            "alarm": facts.untrained > 0,
        },
        {"title": "待处理高危问题", "value": grave, "alarm": grave > 0},
        {"title": "清理失败", "value": facts.retention_failed, "alarm": facts.retention_failed > 0},
        {"title": "进行中的检查", "value": facts.runs_open},
        {"title": "在管证照", "value": _counted(facts.licences)},
        {"title": "在管风险", "value": _counted(facts.risks)},
    ]


def _deadlines(facts: Desk, *, today: date) -> dict[str, Any]:
    """Colleagues who must take the same course by the same day share a line."""
    together: dict[tuple[str, str, date], list[Deadline]] = {}
    for deadline in facts.deadlines:
        together.setdefault((deadline.kind, deadline.title, deadline.due_on), []).append(deadline)
    rows = [
        [
            format_html("{} · {}", deadlines[0].kind.label, _link(deadlines[0])),
            format_html("{} {}", localize(due_on), _left((due_on - today).days)),
            "、".join(deadline.owner for deadline in deadlines if deadline.owner) or "—",
        ]
        for (_kind, _title, due_on), deadlines in list(together.items())[:_SHOWN]
    ]
    more = len(together) - len(rows)
    return {
        "title": "逾期与到期",
        "note": f"还有 {more} 项，请看各台账" if more > 0 else "",
        "table": {"headers": ["事项", "期限", "负责人"], "rows": rows},
    }


def _findings(facts: Desk) -> dict[str, Any]:
    rows = [
        [show_label(severity.label, SEVERITY_COLOURS[severity]), *counts, sum(counts)]
        for severity, counts in facts.findings.items()
    ]
    headers = ["等级", *(f"发现于{name}" if days else "更早" for days, name in AGES), "合计"]
    return {"title": "待处理的扫描问题", "table": {"headers": headers, "rows": rows}}


def _reports(facts: Desk) -> dict[str, Any]:
    rows = [
        [link_to(report, report.source), _moment(report.imported_at), report.seen, report.new, report.fixed]
        for report in facts.reports
    ]
    return {
        "title": "最近的安全扫描",
        "note": "" if rows else "还没有导入过报告：make scan 之后用 import_scan 导入，或在扫描报告页上传",
        "table": {"headers": ["工具", "导入时间", "问题", "新发现", "已修复"], "rows": rows},
    }


def _unmet(facts: Desk) -> dict[str, Any]:
    rows = [[link_to(item.run, str(item.run)), item.text, item.evidence] for item in facts.unmet[:_SHOWN]]
    return {"title": "检查不符合项", "table": {"headers": ["检查", "内容", "说明"], "rows": rows}}


def _retention(facts: Desk) -> dict[str, Any]:
    rows = [
        [
            link_to(rule, KINDS[rule.kind].title),
            in_words(rule.keep_days),
            KINDS[rule.kind].action,
            show_run(rule.last_run_state) if rule.last_run_state else "还没有执行",
            _moment(rule.last_run_at),
            "—" if rule.last_run_cleared is None else rule.last_run_cleared,
        ]
        for rule in facts.retention
    ]
    return {
        "title": "到期清理",
        "table": {"headers": ["数据种类", "期限", "方式", "最近执行", "时间", "清理行数"], "rows": rows},
    }


def _link(deadline: Deadline) -> Any:
    model = apps.get_model(deadline.table)
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[deadline.row])
    return format_html('<a class="text-primary-600 underline" href="{}">{}</a>', address, deadline.title)


def _left(days: int) -> Any:
    if days < 0:
        return show_label(f"逾期 {-days} 天", "danger")
    return show_label("今天" if days == 0 else f"{days} 天", "warning" if days <= SOON else None)


def _moment(moment: datetime | None) -> str:
    return localize(localtime(moment)) if moment else "—"


def _counted(counts: Any) -> str:
    return " · ".join(f"{kind.label} {count}" for kind, count in counts.items() if count) or "0"
