"""Who gets a ticket: whoever is there, may take it, and has the least to do for what they can carry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.rules.tickets import Priority

AWAY_AFTER = timedelta(minutes=5)  # without a sign of an agent: a page that is open gives one every minute


class Skill(models.IntegerChoices):
    LEARNING = 1, _("入门")
    ABLE = 2, _("熟练")
    EXPERT = 3, _("专家")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An agent who is there and has learnt this queue; `load` is what they have that waits for us."""

    user_id: int
    skill: int
    load: int
    capacity: int
    last_given_at: datetime | None


def choose_agent(candidates: Iterable[Candidate], *, priority: int) -> int | None:
    """
    None: everybody has as much as they can carry. What is urgent goes to the most skilled first, the rest to
    whoever is least busy; who has waited longest decides between equals.
    """
    free = [each for each in candidates if each.load < each.capacity]
    if not free:
        return None
    urgent = priority <= Priority.HIGH

    def rank(each: Candidate) -> tuple[Fraction | int, ...]:
        busy, skill = Fraction(each.load, each.capacity), -each.skill
        waited = int(each.last_given_at.timestamp()) if each.last_given_at else 0
        return (skill, busy, waited, each.user_id) if urgent else (busy, skill, waited, each.user_id)

    return min(free, key=rank).user_id
