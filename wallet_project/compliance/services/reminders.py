"""Tell of each deadline once at each of its stages; what is no longer due is settled."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from wallet_project.analytics.rules.alerts import AlertCode, Severity
from wallet_project.analytics.services.alerts import raise_alert, settle_others
from wallet_project.audit.services import record_audit
from wallet_project.compliance.models import Reminder
from wallet_project.compliance.rules.deadlines import PRESSING_DAYS, Deadline, stage_of
from wallet_project.compliance.selectors.deadlines import deadlines
from wallet_project.kit import clock


def send_reminders() -> int:
    """Returns how many were new. A day that was missed is made up for: a stage counts as long as it lasts."""
    today = clock.business_day(clock.now())
    told = set(Reminder.objects.values_list("subject", "due_on", "stage"))
    new = 0
    due = deadlines(today=today)
    for deadline in due:
        stage = stage_of(deadline.kind, deadline.days_left(today))
        if stage is not None and (deadline.subject, deadline.due_on, stage) not in told:
            new += _tell(deadline, stage=stage, today=today)
    with transaction.atomic():
        settle_others(code=AlertCode.DEADLINE, still=[deadline.subject for deadline in due])
    return new


def _tell(deadline: Deadline, *, stage: int, today: date) -> int:
    with transaction.atomic():
        _reminder, made = Reminder.objects.get_or_create(
            subject=deadline.subject,
            due_on=deadline.due_on,
            stage=stage,
            defaults={"kind": deadline.kind, "sent_at": clock.now()},
        )
        if not made:
            return 0
        left = deadline.days_left(today)
        raise_alert(
            code=AlertCode.DEADLINE,
            about=deadline.subject,
            severity=Severity.WARNING if left <= PRESSING_DAYS else Severity.INFO,
            title=deadline.title,
            facts={
                "类别": deadline.kind.label,
                "期限": deadline.due_on.isoformat(),
                "负责人": deadline.owner or "未指定",
            },
            link=reverse(f"admin:{deadline.table.lower().replace('.', '_')}_change", args=[deadline.row]),
        )
        record_audit(
            action="compliance.deadline.reached",
            subject=deadline.subject,
            facts={"title": deadline.title, "due_on": deadline.due_on.isoformat(), "days_left": left},
        )
    return 1
