"""What lasts is alerted of once, and settled when it is over."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from feedback.models import SpecialDays
from feedback.selectors.calendars import years_to_enter
from payments.models import CallbackReceipt, ExceptionCase
from payments.rules.cases import CaseKind
from payments.tests.factories import exception_case
from wallet_project.analytics.models import Alert
from wallet_project.analytics.rules.alerts import AlertCode, Severity
from wallet_project.analytics.selectors import watches
from wallet_project.analytics.services.alerts import GONE
from wallet_project.analytics.services.watching import watch
from wallet_project.kit import clock
from wallet_project.kit.cache import cache
from wallet_project.kit.circuits import open_circuits
from wallet_project.kit.models import Delivery, Heartbeat, Job, ScheduledJob, StoredEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_ago():
    return clock.now() - timedelta(hours=1)


@pytest.fixture(autouse=True)
def holidays_are_entered():
    for year in years_to_enter(clock.business_day(clock.now())):
        enter(year)


def enter(year):
    day = date(year, 10, 1)
    SpecialDays.objects.create(year=year, name="国庆节", first_day=day, last_day=day, works=False)


def trouble(long_ago):
    case = exception_case(CaseKind.UNKNOWN_ORDER)
    type(case).objects.update(due_at=long_ago)
    receipt = CallbackReceipt.objects.create(
        notice_id="n", event_type="t", headers={}, body="{}", state=CallbackReceipt.State.RECEIVED
    )
    CallbackReceipt.objects.filter(pk=receipt.pk).update(created_at=long_ago)
    event = StoredEvent.objects.create(name="x", aggregate="y", payload={})
    for listener, state in (("a.dies", "DEAD"), ("b.waits", "WAITING")):
        Delivery.objects.create(
            event=event, listener=listener, aggregate="y", state=state, available_at=long_ago
        )
    Job.objects.create(task="t", arguments={}, state="DEAD", available_at=long_ago)
    Heartbeat.objects.update_or_create(name="relay", defaults={"at": long_ago})
    ScheduledJob.objects.update(known_since=clock.now(), good_at=None)
    ScheduledJob.objects.filter(name="tell-of-alerts").update(good_at=long_ago)
    resting = {"api": "POST api.example/pay", "reason": "503", "until": clock.iso(clock.now())}
    cache.set("kit.circuits", {resting["api"]: resting}, timeout=60)


def it_is_over():
    ExceptionCase.objects.update(state="RESOLVED", resolved_at=clock.now(), resolution="好了")
    CallbackReceipt.objects.update(state=CallbackReceipt.State.DONE)
    Delivery.objects.update(state="DELIVERED")
    Job.objects.all().delete()
    Heartbeat.objects.update(at=clock.now())
    ScheduledJob.objects.update(good_at=clock.now())
    cache.delete("kit.circuits")


def test_everything_that_is_wrong_is_seen_once_and_settled_when_it_is_over(long_ago):
    trouble(long_ago)
    assert open_circuits()

    watch()
    watch()

    seen = {(alert.code, alert.about): alert for alert in Alert.objects.all()}
    assert set(seen) == {
        ("CASES_OVERDUE", "cases"),
        ("CALLBACKS_FAILING", "callbacks"),
        ("DEAD_LETTERS", "deliveries"),
        ("DEAD_LETTERS", "jobs"),
        ("OUTBOX_SLOW", "deliveries"),
        ("PROCESS_SILENT", "process:relay"),
        ("JOB_LATE", "job:tell-of-alerts"),
        ("CIRCUIT_OPEN", "POST api.example/pay"),
    }
    assert {alert.count for alert in seen.values()} == {2}
    assert seen["CASES_OVERDUE", "cases"].said == {"未知订单": "1 条"}
    assert seen["JOB_LATE", "job:tell-of-alerts"].title == "定时任务“推送告警”没有按时完成"
    assert seen["DEAD_LETTERS", "deliveries"].said == {"a.dies": "1 次"}

    it_is_over()
    watch()

    assert set(Alert.objects.values_list("note", flat=True)) == {GONE}


@pytest.mark.parametrize(
    ("day", "severity"),
    [((2030, 10, 31), None), ((2030, 11, 1), Severity.INFO), ((2030, 12, 1), Severity.WARNING)],
)
def test_a_year_without_holidays_is_told_of_before_it_begins(day, severity):
    enter(2030)
    with time_machine.travel(datetime(*day, 12, tzinfo=clock.SHANGHAI)):
        found = [trouble.severity for trouble in watches.missing_holidays(clock.now())]
        enter(2031)
        over = list(watches.missing_holidays(clock.now()))

    assert found == ([severity] if severity else [])
    assert over == []


def test_a_watch_that_fails_does_not_blind_the_others_and_is_told_of_once(long_ago, monkeypatch, settings):
    settings.ALERT_WEBHOOK_URL = "https://group.example/hook"
    Heartbeat.objects.update_or_create(name="relay", defaults={"at": long_ago})
    right = watches.WATCHES[AlertCode.CASES_OVERDUE]

    def fails(_at):
        raise RuntimeError

    monkeypatch.setitem(watches.WATCHES, AlertCode.CASES_OVERDUE, fails)

    watch()
    watch()

    assert Alert.objects.filter(code="PROCESS_SILENT").exists()
    blind = Alert.objects.get(code="WATCH_FAILED")
    assert (blind.about, blind.title) == ("watch:CASES_OVERDUE", "监测“异常逾期”无法运行")
    assert (blind.said["错误"], blind.tellings.count()) == ("RuntimeError", 1)

    monkeypatch.setitem(watches.WATCHES, AlertCode.CASES_OVERDUE, right)
    watch()
    blind.refresh_from_db()
    assert blind.note == GONE


def test_the_last_minute_of_a_quiet_night_costs_few_statements(django_assert_max_num_queries):
    Heartbeat.objects.update(at=clock.now())
    ScheduledJob.objects.update(good_at=clock.now())
    with django_assert_max_num_queries(45):
        watch()
