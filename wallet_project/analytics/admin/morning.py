"""What the desk opens with: today so far and yesterday, and what has gone wrong."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from wallet_project.analytics.rules.boards import BOARDS, GLANCE
from wallet_project.analytics.rules.periods import Period
from wallet_project.analytics.rules.values import change_in_words
from wallet_project.analytics.selectors.alerts import open_alerts
from wallet_project.analytics.selectors.boards import asked_of, read, unit_of, words_of
from wallet_project.kit import clock
from wallet_project.kit.schedule import late_jobs

_ALERTS = 8  # the rest is in the list


def morning_of(request: HttpRequest, *, at: datetime) -> dict[str, Any]:
    """For the home page: what this member of staff may see of it; three queries."""
    may = request.user.has_perm
    return {
        "glance": _glance(request, at),
        "alerts": open_alerts(_ALERTS) if may("analytics.view_alert") else [],
        "late_jobs": late_jobs(at) if may("kit.view_scheduledjob") else [],
    }


def _glance(request: HttpRequest, at: datetime) -> list[dict[str, Any]]:
    """Beside yesterday, and beside the same day a week ago: a Monday is not a Sunday."""
    shown = {code: BOARDS[board] for code, board in GLANCE if request.user.has_perm(BOARDS[board].permission)}
    today = clock.business_day(at)
    week = Period(first=today - timedelta(days=8), last=today)
    readings = read(shown, period=week, before=None)
    rows = []
    for code, board in shown.items():
        last_week, yesterday, now = (readings.by_day(code)[day] for day in (0, -2, -1))
        rows.append(
            {
                "name": asked_of(code).name,
                "definition": asked_of(code).definition,
                "now": words_of(code, now),
                "yesterday": words_of(code, yesterday),
                "change": change_in_words(yesterday, last_week, is_share=unit_of(code) is None),
                "link": reverse("board", args=[board.code]),
            }
        )
    return rows
