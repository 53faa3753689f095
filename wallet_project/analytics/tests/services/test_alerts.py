"""An alert is one, however often it is raised; it ends with its cause, or with a note."""

import pytest
from django.db.transaction import TransactionManagementError, atomic

from accounts.models import User
from wallet_project.analytics.errors.alerts import AlertClosed
from wallet_project.analytics.models import Alert
from wallet_project.analytics.rules.alerts import AlertCode, Severity
from wallet_project.analytics.selectors.alerts import open_alerts, open_by_severity
from wallet_project.analytics.services.alerts import (
    GONE,
    assign_alert,
    close_alert,
    note_on_alert,
    raise_alert,
    settle_alert,
    settle_others,
)
from wallet_project.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _somebody_listens(settings):
    settings.ALERT_WEBHOOK_URL, settings.ALERT_PHONES = "https://group.example/", ["13800000000"]


@atomic
def raised(about="2026-11-28", severity=Severity.WARNING, code=AlertCode.CLOSE_LATE, title="日结延误"):
    return raise_alert(code=code, about=about, severity=severity, title=title, facts={"差异": "3 笔"})


def told(alert):
    return sorted(alert.tellings.values_list("channel", "severity"))


def test_what_is_said_again_is_counted_and_not_told_again():
    first = raised(title="一次")
    again = raised(title="两次")

    assert (again.pk, again.count, again.title, again.last_at > first.last_at) == (first.pk, 2, "两次", True)
    assert told(first) == [("WEBHOOK", Severity.WARNING)]


def test_what_gets_worse_is_told_more_loudly_and_does_not_calm_down():
    alert = raised(severity=Severity.INFO)
    assert told(alert) == []

    raised(severity=Severity.CRITICAL)
    calmer = raised(severity=Severity.WARNING)

    assert (calmer.pk, calmer.severity) == (alert.pk, Severity.CRITICAL)
    assert told(alert) == [("SMS", Severity.CRITICAL), ("WEBHOOK", Severity.CRITICAL)]


def test_without_its_transaction_nothing_is_raised():
    with pytest.raises(TransactionManagementError):
        raise_alert(code=AlertCode.DEADLINE, about="x", severity=Severity.INFO, title="x", facts={})
    assert not Alert.objects.exists()


def test_it_ends_with_its_cause_and_begins_anew_when_that_comes_back():
    alert, other = raised(), raised(about="2026-11-29")

    with atomic():
        settle_alert(code=AlertCode.CLOSE_LATE, about=alert.about)
    alert.refresh_from_db()
    other.refresh_from_db()

    assert (alert.is_open, alert.note, alert.closed_by, other.is_open) == (False, GONE, None, True)
    assert raised().pk != alert.pk


def test_of_a_code_only_what_is_still_so_goes_on():
    going, gone, another = raised(about="a"), raised(about="b"), raised(about="b", code=AlertCode.DEADLINE)

    with atomic():
        settle_others(code=AlertCode.CLOSE_LATE, still=["a"])

    assert set(Alert.objects.filter(closed_at=None)) == {going, another}
    assert gone not in Alert.objects.filter(closed_at=None)


def test_somebody_takes_it_notes_what_they_find_and_says_how_it_ended():
    staff, alert = User.objects.create_superuser("he", "a long enough password"), raised()

    assign_alert(alert_id=alert.pk, assignee_id=staff.pk)
    note_on_alert(alert_id=alert.pk, text="账单文件晚到")
    close_alert(alert_id=alert.pk, note="已补做日结", staff_id=staff.pk)
    alert.refresh_from_db()

    assert (alert.assignee_id, alert.closed_by, alert.note) == (staff.pk, staff.pk, "已补做日结")
    assert alert.acknowledged_at is not None
    trail = (
        AuditEntry.objects.filter(subject=f"alert:{alert.pk}").order_by("pk").values_list("action", flat=True)
    )
    assert [action.rpartition(".")[2] for action in trail] == ["assigned", "noted", "closed"]
    for act in (
        lambda: assign_alert(alert_id=alert.pk, assignee_id=staff.pk),
        lambda: note_on_alert(alert_id=alert.pk, text="x"),
        lambda: close_alert(alert_id=alert.pk, note="y", staff_id=staff.pk),
    ):
        with pytest.raises(AlertClosed):
            act()
    alert.refresh_from_db()
    assert alert.note == "已补做日结"


def test_the_most_severe_stand_first_and_are_counted():
    for about, severity in (("a", Severity.WARNING), ("b", Severity.CRITICAL), ("c", Severity.WARNING)):
        raised(about=about, severity=severity)

    assert [each.about for each in open_alerts(2)] == ["b", "c"]
    assert open_by_severity() == {Severity.INFO: 0, Severity.WARNING: 2, Severity.CRITICAL: 1}
