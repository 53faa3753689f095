"""How growth counts, which tier it earns, and when a tier ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import Fen

ORDINARY = 10_000  # basis points: what everybody earns
WINDOW = 12  # Shanghai months, this one included: what is older counts no more


class GrowthEvent(models.TextChoices):
    """What makes somebody grow. SPENT: per yuan of own money; TASK and CHECK_IN each time, the rest once."""

    SPENT = "SPENT", _("消费")
    CHECK_IN = "CHECK_IN", _("签到")
    TASK = "TASK", _("完成任务")
    REGISTERED = "REGISTERED", _("注册")
    PHONE_BOUND = "PHONE_BOUND", _("绑定手机")
    REAL_NAME = "REAL_NAME", _("实名认证")
    FIRST_TOP_UP = "FIRST_TOP_UP", _("首次充值")
    TUTORIAL_DONE = "TUTORIAL_DONE", _("完成新手引导")
    QUIZ_PASSED = "QUIZ_PASSED", _("通过安全测验")


class ChangeCause(models.TextChoices):
    """Why somebody's tier changed, or is about to (ENDING)."""

    EARNED = "EARNED", _("成长值达标")
    RETURNED = "RETURNED", _("退款收回成长值")
    ENDING = "ENDING", _("未达标，进入宽限期")
    KEPT = "KEPT", _("宽限期内重新达标")
    ENDED = "ENDED", _("宽限期结束")
    BY_HAND = "BY_HAND", _("人工调整")


@dataclass(frozen=True, kw_only=True)
class Rung:
    """A tier needs `threshold`; whoever has reached it keeps it `protected_months` whole months at least."""

    code: str
    threshold: int
    protected_months: int = 0
    grace_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Place:
    """
    Where somebody stands: a tier that nobody takes before `protected_until`; below its threshold afterwards
    it ends on `grace_until`. None: no end is near.
    """

    tier: str
    protected_until: date
    grace_until: date | None = None


def grown_by(*, own: Fen, per_yuan: int) -> int:
    """By so much of one's own money; what is left of it after refunds grows as if it had been all."""
    return own // 100 * per_yuan


def counts_from(today: date) -> date:
    """The first day of the months that count."""
    return _month(today, 1 - WINDOW)


def counts_until(day: date) -> date:
    """The first day on which something of this day counts no more."""
    return _month(day, WINDOW)


def protected_until(today: date, *, months: int) -> date:
    """The day after so many whole months, not counting this one."""
    return _month(today, months + 1) if months else today


def rung_for(rungs: Sequence[Rung], value: int) -> Rung:
    """The highest that this value earns; of rungs in ascending order, the first of which needs nothing."""
    return next((rung for rung in reversed(rungs) if rung.threshold <= value), rungs[0])


def rung_of(rungs: Sequence[Rung], tier: str) -> Rung:
    """The one somebody is on; a tier that is not there any more is the lowest."""
    return next((rung for rung in rungs if rung.code == tier), rungs[0])


def after_growth(
    place: Place, rungs: Sequence[Rung], *, before: int, value: int, today: date
) -> tuple[Place, ChangeCause | None]:
    """
    Up at once. Down at once, too, when what went back takes the value below the line on which the tier stood:
    nobody keeps what they have sent back. What time takes is for `after_review`.
    """
    mine, due = rung_of(rungs, place.tier), rung_for(rungs, value)
    if due.threshold > mine.threshold:
        until = protected_until(today, months=due.protected_months)
        return Place(tier=due.code, protected_until=until), ChangeCause.EARNED
    if due.threshold == mine.threshold:
        return _kept(place)
    if before >= mine.threshold:
        return Place(tier=due.code, protected_until=today), ChangeCause.RETURNED
    return place, None


def after_review(
    place: Place, rungs: Sequence[Rung], *, value: int, today: date
) -> tuple[Place, ChangeCause | None]:
    """What becomes of it when a month begins or a grace ends."""
    mine, due = rung_of(rungs, place.tier), rung_for(rungs, value)
    if due.threshold >= mine.threshold:
        return after_growth(place, rungs, before=value, value=value, today=today)
    if today < place.protected_until:
        return place, None
    ends = place.grace_until or today + timedelta(days=mine.grace_days)
    if today >= ends:
        return Place(tier=due.code, protected_until=today), ChangeCause.ENDED
    return replace(place, grace_until=ends), None if place.grace_until else ChangeCause.ENDING


def _kept(place: Place) -> tuple[Place, ChangeCause | None]:
    return replace(place, grace_until=None), ChangeCause.KEPT if place.grace_until else None


def _month(day: date, later: int) -> date:
    """The first of the month so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + later, 12)
    return date(year, month + 1, 1)
