"""Who must learn what, by when."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import cast

from django.contrib.auth import get_user_model

from wallet_project.compliance.models import TrainingCourse, TrainingRecord
from wallet_project.compliance.rules.deadlines import Deadline, DeadlineKind
from wallet_project.kit import clock

FIRST_TRAINING = timedelta(days=30)  # from the day that somebody joined, or that the course began


def trainings_due(*, today: date, until: date) -> Iterator[Deadline]:
    """
    For each colleague and course of their role: when their training runs out, or when the first is due.

    Three queries and the colleagues' roles, however many there are.
    """
    colleagues = get_user_model().objects.filter(is_staff=True, is_active=True).prefetch_related("groups")
    courses = TrainingCourse.objects.filter(is_active=True).prefetch_related("roles")
    valid: dict[tuple[int, int], tuple[date, int]] = {}
    passed = TrainingRecord.objects.filter(valid_until__isnull=False, person__is_active=True)
    for row in passed.order_by("valid_until").only("pk", "course_id", "person_id", "valid_until"):
        valid[row.course_id, row.person_id] = (cast(date, row.valid_until), row.pk)
    for course in courses:
        roles = {role.pk for role in course.roles.all()}
        for person in colleagues:
            if roles and roles.isdisjoint(role.pk for role in person.groups.all()):
                continue
            known = valid.get((course.pk, person.pk))
            began = clock.business_day(max(person.created_at, course.created_at))
            due_on = known[0] if known else began + FIRST_TRAINING
            if due_on <= until:
                yield Deadline(
                    kind=DeadlineKind.TRAINING,
                    subject=f"training:{course.pk}:{person.pk}",
                    title=f"{course}" if known else f"{course}（未培训）",
                    due_on=due_on,
                    owner_id=person.pk,
                    owner=str(person),
                    table=(TrainingRecord if known else TrainingCourse)._meta.label,
                    row=known[1] if known else course.pk,
                )
