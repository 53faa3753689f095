"""
`/metrics`: what Prometheus is told of the machinery (kit.metrics) and of the business.

Open to whoever brings METRICS_TOKEN; to everybody else, and where none is set, the page is not there. How
the business goes today is read off the figures of wallet_project.analytics, which are rolled up every five
minutes, so that it costs a query and says what the dashboards say.
"""

import logging
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from payments.selectors.cases import case_figures
from wallet_project.analytics.selectors.alerts import open_by_severity
from wallet_project.analytics.selectors.series import daily
from wallet_project.kit import clock
from wallet_project.kit.metrics import Machinery, gauge
from wallet_project.pauses.selectors import open_pauses

logger = logging.getLogger(__name__)

# Metrics of analytics; amounts in fen.
TODAY: Final = (
    "orders_paid",
    "volume",
    "attempts_ended",
    "attempts_paid",
    "refunds",
    "refunded",
    "top_ups",
    "top_up_amount",
    "payouts",
    "payout_amount",
)


class Business(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = clock.now()
        today = clock.business_day(now)
        figures = {(code,): values[0] for code, values in daily(TODAY, today, today).items()}
        known = {code: float(value) for code, value in figures.items() if value is not None}
        yield gauge("wallet_today", "Today so far, by metric; amounts in fen", ["metric"], known)
        cases = case_figures(at=now)
        opened = {(str(kind.kind),): float(kind.open) for kind in cases}
        overdue = {(str(kind.kind),): float(kind.overdue) for kind in cases}
        yield gauge("wallet_cases_open", "Payment exceptions that wait for a person", ["kind"], opened)
        yield gauge("wallet_cases_overdue", "Those that wait for too long", ["kind"], overdue)
        alerts = {(severity.name.lower(),): float(count) for severity, count in open_by_severity().items()}
        yield gauge("wallet_alerts_open", "Alerts for staff that are open", ["severity"], alerts)
        paused = {(pause.flow,): 1.0 for pause in open_pauses()}
        yield gauge("wallet_flow_paused", "Flows that stand still", ["flow"], paused)


_ASKED: Final = CollectorRegistry()
_ASKED.register(Machinery())
_ASKED.register(Business())


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """:raises Http404: for whoever does not bring the token"""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    if not wanted or scheme != "Bearer" or not constant_time_compare(token, wanted):
        raise Http404
    counted = REGISTRY
    if settings.METRICS_FOLDER:
        counted = CollectorRegistry()
        MultiProcessCollector(counted, path=settings.METRICS_FOLDER)
    try:
        asked = generate_latest(_ASKED)
    except DatabaseFailure:
        logger.warning("metrics.no_database")
        asked = b""  # and somebody is woken for want of it (docs/monitoring/alerts.yml)
    return HttpResponse(generate_latest(counted) + asked, content_type=CONTENT_TYPE_LATEST)
