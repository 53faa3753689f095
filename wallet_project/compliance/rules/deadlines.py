"""What has to be done by a day, and when to say so."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices


class DeadlineKind(TextChoices):
    LICENCE = "LICENCE", "证照"
    CHECKLIST = "CHECKLIST", "检查"
    RISK = "RISK", "风险"
    TRAINING = "TRAINING", "培训"
    FINDING = "FINDING", "漏洞"


# So many days before, each once; 0 is the day itself, or the first look after it.
STAGES: dict[DeadlineKind, tuple[int, ...]] = {
    DeadlineKind.LICENCE: (90, 30, 7, 0),
    DeadlineKind.CHECKLIST: (7, 0),
    DeadlineKind.RISK: (30, 7, 0),
    DeadlineKind.TRAINING: (30, 7, 0),
    DeadlineKind.FINDING: (7, 0),
}
PRESSING_DAYS = 7  # from here on a group is told, too
HORIZON = max(max(stages) for stages in STAGES.values())


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """`subject` names it for machines ("licence:3"), `table` and `row` lead to its page."""

    kind: DeadlineKind
    subject: str
    title: str
    due_on: date
    owner_id: int | None
    owner: str
    table: str
    row: int

    def days_left(self, today: date) -> int:
        """Below zero: so many days late."""
        return (self.due_on - today).days


def stage_of(kind: DeadlineKind, days_left: int) -> int | None:
    """The nearest stage that has been reached; None: too early to say anything."""
    reached = [stage for stage in STAGES[kind] if days_left <= stage]
    return min(reached, default=None)
