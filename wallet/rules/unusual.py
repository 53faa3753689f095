"""What in somebody's spending is worth a second look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import Fen

LARGE_TIMES = 3
LARGE_FROM = Fen(50_00)
ENOUGH_LINES = 5  # fewer say nothing about what is usual
NIGHT_HOURS = range(5)  # 0:00 to 4:59 in Shanghai
USUAL_DAYS = 90


class Oddity(TextChoices):
    """What is unusual about a line, in words for the customer."""

    LARGE = "LARGE", _("明显高于您近 90 天在这一类的消费")
    FIRST_NIGHT = "FIRST_NIGHT", _("近 90 天里第一次在深夜（0 点到 5 点）付款")


@dataclass(frozen=True, kw_only=True)
class Habit:
    """The lines of one category: how many, and the one in the middle by amount."""

    lines: int
    median: Fen


@dataclass(frozen=True, kw_only=True)
class Usual:
    """What somebody spent in the last `USUAL_DAYS` days looked like; the first payment at night in them."""

    habits: Mapping[str, Habit]
    first_night: datetime | None


def oddities_of(*, category: str, amount: Fen, occurred_at: datetime, usual: Usual) -> list[Oddity]:
    """
    LARGE is more than `LARGE_FROM` and more than `LARGE_TIMES` the median of its category, where that has
    enough lines. FIRST_NIGHT is the first payment at night of the time that `usual` tells of.
    """
    habit = usual.habits.get(category)
    odd = []
    if (
        habit is not None
        and habit.lines >= ENOUGH_LINES
        and amount > max(LARGE_FROM, habit.median * LARGE_TIMES)
    ):
        odd.append(Oddity.LARGE)
    if occurred_at == usual.first_night:
        odd.append(Oddity.FIRST_NIGHT)
    return odd
