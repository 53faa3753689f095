"""
What Prometheus is told of the machinery: how fast, how much waits, what is late. No personal data.

Durations are counted where they happen, in every process; with PROMETHEUS_MULTIPROC_DIR all processes of a
machine share them. What waits is asked of the tables when Prometheus comes.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from time import monotonic
from typing import Any

import redis
from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views import View
from prometheus_client import Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from wallet_project.kit import backlog, clock
from wallet_project.kit.circuits import open_circuits
from wallet_project.kit.models import Heartbeat, ScheduledJob
from wallet_project.kit.schedule import late_jobs

_METHODS = {name.upper() for name in View.http_method_names}
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_REQUESTS = Histogram(
    "wallet_http_request_seconds", "Requests by route", ["method", "route", "status"], buckets=_SECONDS
)
_OUTBOUND = Histogram(
    "wallet_outbound_seconds", "Requests to others by host and outcome", ["host", "outcome"], buckets=_SECONDS
)
_TASKS = Histogram(
    "wallet_task_seconds", "Tasks by name and end", ["task", "end"], buckets=(*_SECONDS, 120, 600)
)


def note_request(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    route = request.resolver_match.route if request.resolver_match else "none"
    # Anybody may make methods up, and each would be a row of numbers for good.
    method = request.method if request.method in _METHODS else "other"
    _REQUESTS.labels(method, route, response.status_code).observe(seconds)


def note_outbound(*, host: str, outcome: str, seconds: float) -> None:
    """`outcome`: the answer's status, or no_answer, or resting."""
    _OUTBOUND.labels(host, outcome).observe(seconds)


_begun: dict[str, float] = {}


@task_prerun.connect
def _note_begin(task_id: str, **_facts: Any) -> None:
    _begun[task_id] = monotonic()


@task_postrun.connect
def _note_end(task_id: str, task: Any, state: str, **_facts: Any) -> None:
    if begun := _begun.pop(task_id, None):
        _TASKS.labels(task.name, state).observe(monotonic() - begun)


class Machinery(Collector):
    """What waits, what is dead, what is late; a handful of queries over indexes of what waits."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = clock.now()
        yield from _outbox(now)
        yield from _schedule(now)
        yield from _connections()
        yield gauge("wallet_queue_messages", "Messages in the broker, by queue", ["queue"], _queues())
        beats = {(beat.name,): (now - beat.at).total_seconds() for beat in Heartbeat.objects.all()}
        yield gauge("wallet_heartbeat_age_seconds", "Since a process showed life", ["process"], beats)
        resting = {(circuit["api"],): 1.0 for circuit in open_circuits()}
        yield gauge("wallet_circuit_open", "APIs that are left alone for a while", ["api"], resting)


def gauge(name: str, words: str, labels: list[str], values: Mapping[Any, float]) -> GaugeMetricFamily:
    """One family: a value for each tuple of label values."""
    family = GaugeMetricFamily(name, words, labels=labels)
    for label_values, value in values.items():
        family.add_metric(label_values, value)
    return family


def _outbox(now: datetime) -> Iterator[GaugeMetricFamily]:
    counted: dict[tuple[str, ...], float] = {}
    oldest: dict[tuple[str, ...], float] = {}
    for what, waits, found in (
        ("deliveries", "waiting", backlog.deliveries()),
        ("jobs", "queued", backlog.jobs()),
    ):
        if found.oldest:
            counted[what, waits] = found.waiting
            oldest[(what,)] = max((now - found.oldest).total_seconds(), 0)
        if found.dead:
            counted[what, "dead"] = sum(found.dead.values())
    yield gauge("wallet_outbox_rows", "Deliveries and jobs, by state", ["what", "state"], counted)
    yield gauge("wallet_outbox_age_seconds", "How long the oldest has been due", ["what"], oldest)


def _schedule(now: datetime) -> Iterator[GaugeMetricFamily]:
    late = late_jobs(now)
    yield gauge(
        "wallet_scheduled_job_late_seconds",
        "Since a scheduled job should have run well; only what is late",
        ["job"],
        {(job.name,): (now - job.due).total_seconds() for job in late},
    )
    failing = ScheduledJob.objects.filter(failures__gt=0).values_list("name", "failures")
    yield gauge(
        "wallet_scheduled_job_failures",
        "Failures in a row of a scheduled job",
        ["job"],
        {(name,): failures for name, failures in failing},
    )


def _connections() -> Iterator[GaugeMetricFamily]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() GROUP BY 1"
        )
        states = {(state,): count for state, count in cursor.fetchall()}
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'max_connections'")
        most = cursor.fetchone()[0]
    yield gauge("wallet_database_connections", "Connections to our database, by state", ["state"], states)
    yield gauge("wallet_database_connections_most", "What the server allows", [], {(): most})


def _queues() -> dict[tuple[str, ...], float]:
    names = sorted({"celery", *(route["queue"] for route in settings.CELERY_TASK_ROUTES.values())})
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5
        ) as broker:
            return {(name,): float(broker.llen(name)) for name in names}
    except redis.RedisError:
        return {}
