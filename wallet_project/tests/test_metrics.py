"""Prometheus is told how machinery and business are; nobody else is, and nothing about people."""

import json
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from prometheus_client.parser import text_string_to_metric_families

from accounts.tests.factories import logged_in
from wallet_project.analytics.models import Figure
from wallet_project.kit import clock, jobs
from wallet_project.kit.models import Job, ScheduledJob
from wallet_project.kit.outbound import NoAnswer, OutboundSession
from wallet_project.pauses.models import Flow
from wallet_project.pauses.tests.factories import paused
from wallet_project.settings.env import BASE_DIR

TOKEN = "a token of Prometheus"
MONITORING = BASE_DIR / "docs" / "monitoring"


@pytest.fixture
def scrape(client, settings, db):
    """Name, labels → value, as Prometheus reads them."""
    settings.METRICS_TOKEN = TOKEN

    def ask():
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        text = answer.content.decode()
        return text, {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    return ask


@pytest.mark.parametrize(
    ("configured", "given"), [("", ""), ("", "Bearer "), (TOKEN, ""), (TOKEN, "Bearer x"), (TOKEN, TOKEN)]
)
def test_without_the_token_there_is_no_such_page(client, settings, configured, given):
    settings.METRICS_TOKEN = configured

    assert client.get("/metrics", headers={"Authorization": given} if given else {}).status_code == 404


def test_requests_are_counted_by_route_and_never_by_whose_they_are(client, scrape):
    somebody = logged_in(nickname="海棠")
    client.get("/api/v1/me/devices", headers=somebody.as_header())
    client.delete(f"/api/v1/me/devices/{somebody.device.pk}x", headers=somebody.as_header())
    client.get("/no/such/page")
    client.generic("MADEUP", "/no/such/page")

    text, values = scrape()

    counted = {key: value for key, value in values.items() if key[0] == "wallet_http_request_seconds_count"}
    routes = {dict(key[1:])["route"] for key in counted}
    assert {"api/v1/me/devices", "none"} <= routes
    assert (
        counted["wallet_http_request_seconds_count", ("method", "GET"), ("route", "none"), ("status", "404")]
        >= 1
    )
    assert "other" in {dict(key[1:])["method"] for key in counted}
    assert not re.search(rf"MADEUP|海棠|{somebody.user.uid}|{somebody.device.pk}x", text)


def test_what_waits_is_dead_or_late_is_told(scrape):
    now = clock.now()
    Job.objects.create(task="x", arguments={}, state="DEAD", available_at=now)
    Job.objects.create(task="x", arguments={}, available_at=now - timedelta(seconds=90))
    ScheduledJob.objects.update(known_since=now, good_at=None)
    ScheduledJob.objects.filter(name="seal-ledger").update(good_at=now - timedelta(minutes=20), failures=3)

    _text, values = scrape()

    assert values["wallet_outbox_rows", ("state", "dead"), ("what", "jobs")] >= 1
    assert values["wallet_outbox_age_seconds", ("what", "jobs")] >= 90
    assert values["wallet_scheduled_job_late_seconds", ("job", "seal-ledger")] == pytest.approx(
        19 * 60, abs=5
    )
    assert ("wallet_scheduled_job_late_seconds", ("job", "seal-audit-trail")) not in values
    assert values["wallet_scheduled_job_failures", ("job", "seal-ledger")] == 3
    assert values["wallet_queue_messages", ("queue", "wechat")] >= 0
    assert sum(value for key, value in values.items() if key[0] == "wallet_database_connections") >= 1


def test_the_business_is_told_as_the_dashboards_tell_it(scrape):
    today = clock.business_day(clock.now())
    Figure.objects.filter(day=today, metric="volume").delete()
    Figure.objects.create(day=today, metric="volume", value=123_45)

    with paused(Flow.WITHDRAW):
        _text, values = scrape()

    assert values["wallet_today", ("metric", "volume")] == 123_45
    assert values["wallet_flow_paused", ("flow", "withdraw")] == 1
    assert ("wallet_alerts_open", ("severity", "critical")) in values


def test_who_does_not_answer_is_counted_and_what_people_typed_in_is_one_host(scrape):
    for session in (OutboundSession(), OutboundSession(public_only=True)):
        with pytest.raises(NoAnswer):
            session.get("http://127.0.0.1:9/path")

    _text, values = scrape()

    for host in ("127.0.0.1:9", "typed in"):
        assert values["wallet_outbound_seconds_count", ("host", host), ("outcome", "no_answer")] >= 1


def test_processes_of_one_machine_share_what_they_count(scrape, settings, tmp_path):
    settings.METRICS_FOLDER = str(tmp_path)
    count = "from prometheus_client import Counter; Counter('wallet_shared', 'x').inc()"
    shared = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", count], env=shared, check=True)  # noqa: S603 - our own words

    _text, values = scrape()

    assert values["wallet_shared_total",] == 2


def test_without_a_database_what_was_counted_is_still_told(scrape, monkeypatch):
    def away():
        raise OperationalError

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(connection, "cursor", away)
        text, _values = scrape()

    assert "wallet_http_request_seconds" in text
    assert "wallet_database_connections" not in text


def test_a_task_that_runs_is_timed(scrape):
    jobs.current_app.tasks["kit.heartbeat"].apply(kwargs={"name": "worker"})

    _text, values = scrape()

    assert values["wallet_task_seconds_count", ("end", "SUCCESS"), ("task", "kit.heartbeat")] >= 1


def test_dashboard_and_alarms_ask_only_for_what_is_told(scrape):
    text, _values = scrape()
    told = set(re.findall(r"^# TYPE (wallet_\w+)", text, re.MULTILINE))
    asked = {
        re.sub(r"_(bucket|count|sum)$", "", name)
        for file in MONITORING.iterdir()
        for name in re.findall(r"\bwallet_\w+", file.read_text(encoding="utf-8"))
    }

    assert asked
    assert asked <= told
    assert json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))["panels"]
