"""What stands on the pages beside figures: asked when a page is opened."""

from collections.abc import Callable
from typing import Any

from wallet_project.analytics.admin.alerts import SEVERITY_COLOURS
from wallet_project.analytics.rules.alerts import Severity
from wallet_project.analytics.rules.periods import Period
from wallet_project.analytics.selectors.alerts import open_alerts
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


TABLES: dict[str, Callable[[Period], Filled]] = {"alerts": _alerts}
