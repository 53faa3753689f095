"""What stands on the pages and is no plain figure: asked when a page is opened."""

from collections.abc import Callable
from typing import Any

from coupons.selectors.segments import members_of
from wallet_project.analytics.admin.alerts import SEVERITY_COLOURS
from wallet_project.analytics.admin.drawing import shade
from wallet_project.analytics.admin.targets import goal_in_words, progress_in_words, show_health
from wallet_project.analytics.rules.alerts import Severity
from wallet_project.analytics.rules.values import NOTHING
from wallet_project.analytics.selectors.alerts import open_alerts
from wallet_project.analytics.selectors.boards import Readings, asked_of, words_of
from wallet_project.analytics.selectors.cohorts import Cohort, cohorts
from wallet_project.analytics.selectors.funnels import newcomers
from wallet_project.analytics.selectors.targets import targets_now
from wallet_project.kit import clock
from wallet_project.kit.admin import link_to, show_label
from wallet_project.kit.context import viewer_may

Filled = dict[str, Any] | None
_SHOWN = 10  # the rest is in the lists


def _alerts(_readings: Readings) -> Filled:
    if not viewer_may("analytics.view_alert"):
        return None
    rows = [
        [
            show_label(each.get_severity_display(), SEVERITY_COLOURS[Severity(each.severity)]),
            link_to(each),
            each.count,
            clock.in_words(each.last_at),
        ]
        for each in open_alerts(_SHOWN)
    ]
    table = {"headers": ["级别", "告警", "次数", "最近发生"], "rows": rows}
    return {"kind": "table", "table": table, "note": "" if rows else "没有未关闭的告警"}


def _targets(_readings: Readings) -> Filled:
    if not viewer_may("analytics.view_target"):
        return None
    rows = [
        [
            link_to(each.target, asked_of(each.target.code).name),
            each.target.period_in_words,
            goal_in_words(each.target),
            words_of(each.target.code, each.so_far),
            progress_in_words(each),
            words_of(each.target.code, each.forecast),
            show_health(each),
        ]
        for each in targets_now(at=clock.now())
    ]
    headers = ["指标", "周期", "目标", "目前", "完成（时间进度）", "预计期末", "状态"]
    table = {"headers": headers, "rows": rows}
    return {"kind": "table", "table": table, "note": "" if rows else "没有进行中的目标"}


def _newcomers(readings: Readings) -> Filled:
    segment = readings.cut.removeprefix("segment:")
    among = members_of(int(segment)) if segment else None
    steps = newcomers(readings.period.first, readings.period.last, among=among)
    most = max((each.count or 0 for each in steps), default=0)
    if not most:
        return None
    registered = next((each.count for each in steps if each.name == "注册"), 0)
    bars = [
        {
            "name": each.name,
            "words": NOTHING if each.count is None else f"{each.count:,}",
            "value": each.count or 0,
            "share": f"注册的 {each.count * 100 / registered:.1f}%" if each.count and registered else "",
        }
        for each in steps
    ]
    return {"kind": "bars", "bars": bars, "most": most, "definitions": steps}


def _cohorts(readings: Readings) -> Filled:
    """Everybody's: weeks of registration are not kept by audience."""
    rows = cohorts(readings.period.last)
    if readings.cut or not any(each.size for each in rows):
        return None
    return {
        "kind": "cohorts",
        "first": "注册的一周",
        "second": "人数",
        "heads": [f"第 {week} 周" if week else "当周" for week in range(len(rows))],
        "rows": [
            {"name": f"{each.monday:%m-%d} 起", "size": each.size, "cells": _came(each)} for each in rows
        ],
        "note": "注册当周和之后各周来过的人占这一周注册人数的比例；最后一格的一周可能还没有过完",
    }


def _came(cohort: Cohort) -> list[dict[str, Any]]:
    return [
        {
            "heat": shade(people or 0, of=cohort.size),
            "words": NOTHING if people is None or not cohort.size else f"{people * 100 / cohort.size:.0f}%",
            "title": "" if people is None else f"{people} 人",
        }
        for people in cohort.came
    ]


ASKED: dict[str, Callable[[Readings], Filled]] = {
    "alerts": _alerts,
    "targets": _targets,
    "newcomers": _newcomers,
    "cohorts": _cohorts,
}
