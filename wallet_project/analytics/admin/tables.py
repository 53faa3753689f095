"""What stands on the pages beside figures: asked when a page is opened."""

from collections.abc import Callable
from typing import Any

from wallet_project.analytics.admin.alerts import SEVERITY_COLOURS
from wallet_project.analytics.admin.targets import goal_in_words, progress_in_words, show_health
from wallet_project.analytics.rules.alerts import Severity
from wallet_project.analytics.rules.periods import Period
from wallet_project.analytics.selectors.alerts import open_alerts
from wallet_project.analytics.selectors.boards import asked_of, words_of
from wallet_project.analytics.selectors.targets import targets_now
from wallet_project.kit import clock
from wallet_project.kit.admin import link_to, show_label
from wallet_project.kit.context import viewer_may

Filled = dict[str, Any] | None
_SHOWN = 10  # the rest is in the lists


def _alerts(_period: Period) -> Filled:
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


def _targets(_period: Period) -> Filled:
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


TABLES: dict[str, Callable[[Period], Filled]] = {"alerts": _alerts, "targets": _targets}
