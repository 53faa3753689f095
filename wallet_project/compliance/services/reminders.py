"""Tell of each deadline once at each of its stages; what is no longer due is settled."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.db import transaction
from django.urls import reverse

from wallet_project.analytics.rules.alerts import AlertCode, Severity
from wallet_project.analytics.services.alerts import raise_alert, settle_others
from wallet_project.audit.services import record_audit
from wallet_project.compliance.models import Reminder
from wallet_project.compliance.rules.deadlines import PRESSING_DAYS, Deadline, DeadlineKind, stage_of
from wallet_project.compliance.selectors.deadlines import deadlines
from wallet_project.kit import clock


def send_reminders() -> int:
    """
    Returns how many were new. A day that was missed is made up for: a stage counts as long as it lasts.

    Trainings share one alert, with how many must take which: else a new course is one for each colleague.
    """
    today = clock.business_day(clock.now())
    told = set(Reminder.objects.values_list("subject", "due_on", "stage"))
    together: dict[str, list[Deadline]] = defaultdict(list)
    for deadline in deadlines(today=today):
        if stage_of(deadline.kind, deadline.days_left(today)) is not None:
            together[_about(deadline)].append(deadline)
    new = 0
    for about, due in together.items():
        untold = [each for each in due if _occasion(each, today) not in told]
        if untold:
            new += _tell(about, due, untold, today=today)
    with transaction.atomic():
        settle_others(code=AlertCode.DEADLINE, still=together)
    return new


def _about(deadline: Deadline) -> str:
    return "trainings" if deadline.kind == DeadlineKind.TRAINING else deadline.subject


def _occasion(deadline: Deadline, today: date) -> tuple[str, date, int]:
    """Of one that has reached a stage."""
    stage = stage_of(deadline.kind, deadline.days_left(today))
    return deadline.subject, deadline.due_on, cast(int, stage)


@transaction.atomic
def _tell(about: str, due: Sequence[Deadline], untold: Sequence[Deadline], *, today: date) -> int:
    """One alert of all that are due; a reminder and a line in the trail of each that is new."""
    new = sum(_remind(deadline, today=today) for deadline in untold)
    if new:
        soonest = min(deadline.days_left(today) for deadline in due)
        raise_alert(
            code=AlertCode.DEADLINE,
            about=about,
            severity=Severity.WARNING if soonest <= PRESSING_DAYS else Severity.INFO,
            **(_trainings(due) if due[0].kind == DeadlineKind.TRAINING else _one(due[0])),
        )
    return new


def _remind(deadline: Deadline, *, today: date) -> bool:
    """False: somebody else was faster."""
    subject, due_on, stage = _occasion(deadline, today)
    _reminder, made = Reminder.objects.get_or_create(
        subject=subject,
        due_on=due_on,
        stage=stage,
        defaults={"kind": deadline.kind, "sent_at": clock.now()},
    )
    if made:
        record_audit(
            action="compliance.deadline.reached",
            subject=subject,
            facts={
                "title": deadline.title,
                "due_on": due_on.isoformat(),
                "days_left": deadline.days_left(today),
            },
        )
    return made


def _one(deadline: Deadline) -> Mapping[str, Any]:
    return {
        "title": deadline.title,
        "facts": {
            "类别": deadline.kind.label,
            "期限": deadline.due_on.isoformat(),
            "负责人": deadline.owner or "未指定",
        },
        "link": reverse(f"admin:{deadline.table.lower().replace('.', '_')}_change", args=[deadline.row]),
    }


def _trainings(due: Sequence[Deadline]) -> Mapping[str, Any]:
    """Soonest first, as they come; the desk has the list, with names."""
    by_course: dict[str, list[Deadline]] = defaultdict(list)
    for deadline in due:
        by_course[deadline.title].append(deadline)
    return {
        "title": f"{len({deadline.owner_id for deadline in due})} 名员工有培训待完成",
        "facts": {
            title: f"{len(each)} 人，最早 {each[0].due_on.isoformat()}" for title, each in by_course.items()
        },
        "link": reverse("compliance_desk"),
    }
