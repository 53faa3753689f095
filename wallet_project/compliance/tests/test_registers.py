"""Licences, risks and trainings, and the days that come with them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from wallet_project.analytics.rules.alerts import Severity
from wallet_project.analytics.selectors.alerts import open_alerts
from wallet_project.audit.models import AuditEntry
from wallet_project.compliance.models import Checklist, RiskAssessment, TrainingCourse, TrainingRecord
from wallet_project.compliance.rules.dates import add_months
from wallet_project.compliance.rules.deadlines import DeadlineKind, stage_of
from wallet_project.compliance.rules.licences import LicenceState, state_of
from wallet_project.compliance.selectors.deadlines import deadlines
from wallet_project.compliance.services.reminders import send_reminders
from wallet_project.compliance.tests.factories import new_licence
from wallet_project.kit import clock
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"


@pytest.fixture
def today():
    return clock.business_day(clock.now())


@pytest.fixture
def officer():
    """Sees to the desk; nobody else is on the staff, and nothing of the seed is due."""
    Checklist.objects.update(is_active=False)
    TrainingCourse.objects.update(is_active=False)
    return User.objects.create_superuser("he", PASSWORD)


def due(today, kind):
    return [deadline for deadline in deadlines(today=today) if deadline.kind == kind]


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "state"),
    [
        (date(2026, 6, 2), None, LicenceState.COMING),
        (date(2026, 1, 1), None, LicenceState.VALID),
        (date(2026, 1, 1), date(2026, 8, 31), LicenceState.VALID),
        (date(2026, 1, 1), date(2026, 8, 30), LicenceState.EXPIRING),
        (date(2026, 1, 1), date(2026, 6, 1), LicenceState.EXPIRING),
        (date(2026, 1, 1), date(2026, 5, 31), LicenceState.EXPIRED),
    ],
)
def test_a_licence_is_good_to_its_last_day(valid_from, valid_until, state):
    assert state_of(valid_from=valid_from, valid_until=valid_until, today=date(2026, 6, 1)) == state


@pytest.mark.parametrize(
    ("days_left", "stage"),
    [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-400, 0)],
)
def test_a_stage_counts_from_its_day_to_the_next(days_left, stage):
    assert stage_of(DeadlineKind.LICENCE, days_left) == stage


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 15), 12, date(2027, 11, 15)),
    ],
)
def test_months_end_where_they_end(day, months, later):
    assert add_months(day, months) == later


def test_a_licence_is_told_of_once_at_each_stage_and_again_after_its_renewal(officer, today):
    licence = new_licence(officer, number="1", until=today + timedelta(days=31))
    new_licence(officer, number="2", until=today, is_needed=False)
    new_licence(officer, number="3", until=None)

    told = []
    for passed in (0, 0, 1, 2, 24, 40, 50):
        with time_machine.travel(clock.now() + timedelta(days=passed)):
            told.append(send_reminders())
    licence.valid_until = today + timedelta(days=60)
    licence.save()

    assert told == [1, 0, 1, 0, 1, 1, 0]
    assert send_reminders() == 1
    entries = AuditEntry.objects.filter(action="compliance.deadline.reached").order_by("pk")
    assert [entry.facts["days_left"] for entry in entries] == [31, 30, 7, -9, 60]
    assert entries[0].subject == f"licence:{licence.pk}"
    (alert,) = open_alerts(5)
    assert (alert.about, alert.count, alert.severity) == (f"licence:{licence.pk}", 5, Severity.WARNING)
    assert alert.said["负责人"] == str(officer)

    licence.is_needed = False
    licence.save()
    send_reminders()
    assert open_alerts(5) == []


def test_a_risk_asks_for_its_measures_first_and_for_its_review_then(officer, today):
    risk = RiskAssessment.objects.create(
        title="短信被刷",
        scope="登录",
        likelihood=5,
        impact=4,
        treatment="REDUCE",
        measures="限频",
        owner=officer,
        assessed_on=today - timedelta(days=300),
        due_on=today - timedelta(days=1),
        review_on=today + timedelta(days=60),
    )
    (measures,) = due(today, DeadlineKind.RISK)
    risk.measures_done_on = today
    risk.save()
    (review,) = due(today, DeadlineKind.RISK)

    risk.refresh_from_db()
    assert (risk.score, risk.level) == (20, "HIGH")
    assert (measures.title, measures.days_left(today)) == ("短信被刷：措施", -1)
    assert (review.title, review.days_left(today)) == ("短信被刷：复评", 60)
    risk.review_on = risk.assessed_on + timedelta(days=367)
    with pytest.raises(ValidationError, match="评估后一年以内"):
        risk.full_clean()


def test_a_training_is_due_a_month_after_the_start_and_again_when_it_runs_out(officer, today, client):
    course = TrainingCourse.objects.create(title="支付安全", basis="制度", valid_months=6)
    (first,) = due(today, DeadlineKind.TRAINING)
    client.force_login(officer)
    form = {"course": course.pk, "person": officer.pk, "taken_on": today.isoformat(), "reference": ""}

    client.post(reverse("admin:compliance_trainingrecord_add"), form | {"score": 79})
    (failed,) = due(today, DeadlineKind.TRAINING)
    taken = (today - timedelta(days=150)).isoformat()
    client.post(reverse("admin:compliance_trainingrecord_add"), form | {"score": 80, "taken_on": taken})
    (passed,) = due(today, DeadlineKind.TRAINING)

    assert (first.title, first.days_left(today)) == ("支付安全（未培训）", 30)
    assert failed == first
    record = TrainingRecord.objects.get(score=80)
    assert (passed.due_on, passed.row) == (add_months(today - timedelta(days=150), 6), record.pk)


def test_a_course_for_everybody_is_one_alert_with_a_count_that_opens_the_list(officer, today, client):
    course = TrainingCourse.objects.create(title="支付安全", basis="制度")
    later = TrainingCourse.objects.create(title="反洗钱", basis="制度")
    colleagues = [User.objects.create_user(f"c{number}", PASSWORD, is_staff=True) for number in range(3)]
    record = TrainingRecord(course=later, person=officer, taken_on=today - timedelta(days=350), score=90)
    record.decide()
    record.save()

    assert send_reminders() == 8
    assert send_reminders() == 0

    (alert,) = open_alerts(9)
    assert (alert.title, alert.count, alert.severity) == ("4 名员工有培训待完成", 1, Severity.INFO)
    assert alert.said == {
        "反洗钱": f"1 人，最早 {record.valid_until}",
        "支付安全（未培训）": f"4 人，最早 {today + timedelta(days=30)}",
        "反洗钱（未培训）": f"3 人，最早 {today + timedelta(days=30)}",
    }
    client.force_login(officer)
    page = client.get(alert.link).content.decode()
    assert all(str(colleague) in page for colleague in colleagues)
    assert AuditEntry.objects.filter(action="compliance.deadline.reached").count() == 8

    with time_machine.travel(clock.now() + timedelta(days=23)):
        assert send_reminders() == 8
    alert.refresh_from_db()
    assert (alert.count, alert.severity) == (2, Severity.WARNING)
    TrainingCourse.objects.filter(pk__in=[course.pk, later.pk]).update(is_active=False)
    send_reminders()
    assert open_alerts(9) == []


def test_a_course_for_a_role_asks_nobody_else(officer, today):
    course = TrainingCourse.objects.create(title="反洗钱", basis="制度")
    groups = make_groups()
    course.roles.add(groups["财务"])
    member = User.objects.create_user("li", PASSWORD, is_staff=True)
    User.objects.create_user("gone", PASSWORD, is_staff=True, is_active=False).groups.add(groups["财务"])
    assert due(today, DeadlineKind.TRAINING) == []

    member.groups.add(groups["财务"])

    assert [deadline.owner_id for deadline in due(today, DeadlineKind.TRAINING)] == [member.pk]


def test_only_colleagues_can_answer_for_something(officer, client):
    customer = User.objects.create_user()
    client.force_login(officer)
    page = client.get(reverse("admin:compliance_licence_add")).content.decode()

    assert f'<option value="{officer.pk}"' in page
    assert f'<option value="{customer.pk}"' not in page
