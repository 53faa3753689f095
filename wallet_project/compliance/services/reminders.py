"""Tell of each deadline once at each of its stages."""

from datetime import date

from django.db import transaction

from wallet_project.audit.services import record_audit
from wallet_project.compliance.events import DeadlineReached
from wallet_project.compliance.models import Reminder
from wallet_project.compliance.rules.deadlines import Deadline, stage_of
from wallet_project.compliance.selectors.deadlines import deadlines
from wallet_project.kit import clock
from wallet_project.kit.events import publish


def send_reminders() -> int:
    """Returns how many were new. A day that was missed is made up for: a stage counts as long as it lasts."""
    today = clock.business_day(clock.now())
    told = set(Reminder.objects.values_list("subject", "due_on", "stage"))
    new = 0
    for deadline in deadlines(today=today):
        stage = stage_of(deadline.kind, deadline.days_left(today))
        if stage is not None and (deadline.subject, deadline.due_on, stage) not in told:
            new += _tell(deadline, stage=stage, today=today)
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
        publish(
            DeadlineReached(
                kind=deadline.kind,
                subject=deadline.subject,
                due_on=deadline.due_on.isoformat(),
                days_left=left,
                owner_id=deadline.owner_id,
            )
        )
        record_audit(
            action="compliance.deadline.reached",
            subject=deadline.subject,
            facts={"title": deadline.title, "due_on": deadline.due_on.isoformat(), "days_left": left},
        )
    return 1
