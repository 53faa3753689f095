"""Look at every watched number, and alert of what is far from usual."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from wallet_project.analytics.models import WatchedMetric
from wallet_project.analytics.rules.alerts import AlertCode, Severity
from wallet_project.analytics.rules.baselines import Verdict
from wallet_project.analytics.selectors.anomalies import in_words, shifts, verdicts, watchable
from wallet_project.analytics.selectors.boards import asked_of
from wallet_project.analytics.services.alerts import raise_alert, settle_alert, settle_others
from wallet_project.kit import clock

logger = logging.getLogger(__name__)


def look_for_anomalies() -> None:
    """
    Each by itself: one that fails does not blind the others. What is strange is alerted of, what is usual
    again is settled; where nobody can tell, an alert stays as it is.
    """
    at, known = clock.now(), watchable()
    active = [each for each in WatchedMetric.objects.filter(is_active=True) if each.code in known]
    for watched in active:
        try:
            with transaction.atomic():
                _look(watched, at=at)
        except Exception:
            logger.exception("analytics.anomalies.failed", extra={"metric": watched.code})
    with transaction.atomic():
        settle_others(code=AlertCode.ANOMALY, still=[_about(each) for each in active])


def _look(watched: WatchedMetric, *, at: datetime) -> None:
    found = verdicts(watched, at=at)
    strange = [each for each in found if each.strange]
    if strange:
        _tell(watched, strange[-1])
    elif found:
        settle_alert(code=AlertCode.ANOMALY, about=_about(watched))


def _tell(watched: WatchedMetric, verdict: Verdict) -> None:
    code = watched.code
    name, now = asked_of(code).name, in_words(code, verdict.reading.value)
    usual = in_words(code, verdict.expected)
    facts: dict[str, Any] = {
        "时段": f"{verdict.day:%m-%d} {verdict.hour:02d}:00–{verdict.hour + 1:02d}:00",
        "实际": now,
        "通常": f"{usual}，在 {in_words(code, verdict.low)} 与 {in_words(code, verdict.high)} 之间",
        "参照": verdict.reference.label,
    }
    if verdict.reading.base is not None:
        facts["样本"] = f"{verdict.reading.count} / {verdict.reading.base}"
    if changed := shifts(code, day=verdict.day):
        facts["当日构成变化"] = "；".join(changed)
    raise_alert(
        code=AlertCode.ANOMALY,
        about=_about(watched),
        severity=Severity(watched.severity),
        title=f"{name}异常{verdict.words}：{now}，通常 {usual}",
        facts=facts,
        link=reverse("admin:analytics_watchedmetric_change", args=[watched.pk]),
    )


def _about(watched: WatchedMetric) -> str:
    return f"metric:{watched.code}"
