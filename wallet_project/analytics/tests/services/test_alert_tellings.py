"""The group and whoever is on call hear of an alert, until they have it and never too often."""

import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db.transaction import atomic

from wallet_project.analytics.models import AlertTelling
from wallet_project.analytics.rules.alerts import AN_HOUR, PAUSES, AlertChannel, AlertCode, Severity
from wallet_project.analytics.services.alert_tellings import tell_of_alerts
from wallet_project.analytics.services.alerts import close_alert, raise_alert
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

SECRET = "known to both"
TAKEN = (200, {"errcode": 0, "errmsg": "ok"})


class _Robot(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        status, answer = self.server.answers.pop(0) if self.server.answers else TAKEN
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_facts):
        pass


@pytest.fixture
def robot(settings):
    server = HTTPServer(("127.0.0.1", 0), _Robot)
    server.heard, server.answers = [], []
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/cgi-bin/webhook/send?key=k"
    settings.ALERT_WEBHOOK_SECRET = SECRET
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def at(monkeypatch):
    """The clock, five minutes past an hour; moved by hand."""
    now = clock.now().replace(minute=5, second=0, microsecond=0)

    def move(**later):
        nonlocal now
        now += timedelta(**later)
        return now

    monkeypatch.setattr(clock, "now", lambda: now)
    return move


@atomic
def raised(about="1", severity=Severity.WARNING, title="日结延误", **facts):
    return raise_alert(
        code=AlertCode.CLOSE_LATE,
        about=about,
        severity=severity,
        title=title,
        facts=facts or {"日期": "昨天"},
    )


def said(robot):
    return [json.loads(body)["markdown"]["content"] for _headers, body in robot.heard]


def test_the_group_hears_it_once_in_words_and_signed(robot):
    alert = raised(title="日结延误", 应完成="12:00")

    tell_of_alerts()
    tell_of_alerts()

    (text,) = said(robot)
    for part in ("【警告】日结延误", "> 应完成：12:00", f"/admin/analytics/alert/{alert.pk}/change/"):
        assert part in text
    headers, body = robot.heard[0]
    signed = hmac.new(SECRET.encode(), f"{headers['X-Timestamp']}\n".encode() + body, hashlib.sha256)
    assert headers["X-Signature"] == signed.hexdigest()
    assert alert.tellings.get().state == AlertTelling.State.SENT


@pytest.mark.parametrize("refusal", [(500, {}), (200, {"errcode": 45009, "errmsg": "api freq out of limit"})])
def test_what_is_not_taken_is_said_again_later(robot, at, refusal):
    alert = raised()
    robot.answers = [refusal]

    tell_of_alerts()
    tell_of_alerts()
    waiting = alert.tellings.get()
    assert (waiting.state, waiting.tries, len(robot.heard)) == (AlertTelling.State.WAITING, 1, 1)
    at(seconds=PAUSES[0].seconds)
    tell_of_alerts()

    assert alert.tellings.get().state == AlertTelling.State.SENT
    assert len(robot.heard) == 2


def test_a_robot_that_is_away_is_asked_once_a_look_and_hears_all_when_it_is_back(robot, at):
    alerts = [raised(about=str(number), title=f"第 {number} 件") for number in range(5)]
    robot.answers = [(503, {})] * 2

    tell_of_alerts()
    at(seconds=1)
    tell_of_alerts()
    assert len(robot.heard) == 2
    tries = [alert.tellings.get().tries for alert in alerts]
    assert sorted(tries) == [0, 0, 0, 1, 1], "whoever was not sent has lost no try"
    at(seconds=PAUSES[0].seconds)
    tell_of_alerts()

    assert len(robot.heard) == 2 + 5
    assert not AlertTelling.objects.filter(state=AlertTelling.State.WAITING).exists()


def test_after_the_last_try_it_is_given_up_and_its_page_says_why(robot, at):
    alert = raised()
    robot.answers = [(503, {})] * 20

    for pause in (*PAUSES, timedelta(), timedelta(days=1)):
        tell_of_alerts()
        at(seconds=pause.total_seconds())

    telling = alert.tellings.get()
    assert (telling.state, telling.last_error) == (AlertTelling.State.DEAD, "HTTP 503")
    assert len(robot.heard) == len(PAUSES) + 1


def test_beyond_the_hours_messages_all_others_come_in_one_and_what_is_critical_comes_through(robot, at):
    alerts = [raised(about=str(number), title=f"第 {number} 件") for number in range(AN_HOUR["WEBHOOK"] + 3)]
    tell_of_alerts()
    close_alert(alert_id=alerts[-1].pk, note="已处理好了", staff_id=1)
    raised(about="worse", severity=Severity.CRITICAL, title="账务不符")
    tell_of_alerts()

    assert len(robot.heard) == AN_HOUR["WEBHOOK"] + 1
    assert "账务不符" in said(robot)[-1]
    at(minutes=54)
    tell_of_alerts()
    assert len(robot.heard) == AN_HOUR["WEBHOOK"] + 1, "the hour is not over"

    at(minutes=1)
    raised(about="new", title="新的一小时")
    tell_of_alerts()
    one, summary = said(robot)[-2:]
    assert "新的一小时" in one
    assert "另有 3 条告警" in summary
    assert summary.count("已关闭") == 1
    assert not AlertTelling.objects.filter(state=AlertTelling.State.WAITING).exists()


def test_a_long_story_is_cut_to_what_the_robot_takes(robot):
    raised(说明="很长的说明" * 1000)

    tell_of_alerts()

    assert 4000 < len(said(robot)[0].encode()) <= 4096


def test_whoever_is_on_call_gets_a_text_message_of_what_is_critical_only(sandbox, settings):
    settings.ALERT_PHONES = ["13911112222", "13911113333"]
    raised(about="a")
    raised(about="b", severity=Severity.CRITICAL, title="账务不符，资金业务已暂停")

    tell_of_alerts()
    tell_of_alerts()

    for phone in settings.ALERT_PHONES:
        (message,) = sandbox.messages(phone)
        assert "账务不符，资金业务已暂停" in message["text"]
    assert AlertTelling.objects.get().channel == AlertChannel.SMS
