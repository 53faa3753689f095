"""Somebody asks somebody else for money, and what may become of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

REQUEST_LIFE = timedelta(days=7)
BETWEEN_REMINDERS = timedelta(days=1)


class RequestState(TextChoices):
    """
    OPEN ─▶ PAID        whoever was asked paid, once
         ─▶ DECLINED    whoever was asked will not
         ─▶ CANCELLED   whoever asked no longer does
         ─▶ EXPIRED     seven days passed
    """

    OPEN = "OPEN", _("待付款")
    PAID = "PAID", _("已付款")
    DECLINED = "DECLINED", _("已拒绝")
    CANCELLED = "CANCELLED", _("已取消")
    EXPIRED = "EXPIRED", _("已过期")


REQUEST_MOVES: dict[str, Collection[str]] = {
    RequestState.OPEN: {
        RequestState.PAID,
        RequestState.DECLINED,
        RequestState.CANCELLED,
        RequestState.EXPIRED,
    }
}


class RequestSide(TextChoices):
    MINE = "mine", _("我发起的")
    FOR_ME = "for_me", _("向我收的")


@dataclass(frozen=True, kw_only=True)
class RequestCaps:
    """How much asking nobody calls nagging: at once, a day, and a day from the same person."""

    open_at_once: int
    a_day: int
    a_day_from_one: int


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How much somebody has asked already."""

    open_now: int
    today: int
    today_from_one: int


def cap_reached(asked: Asked, *, caps: RequestCaps) -> str | None:
    """Which cap one request more would pass: OPEN_AT_ONCE, A_DAY or A_DAY_FROM_ONE."""
    reached = {
        "A_DAY_FROM_ONE": asked.today_from_one >= caps.a_day_from_one,
        "A_DAY": asked.today >= caps.a_day,
        "OPEN_AT_ONCE": asked.open_now >= caps.open_at_once,
    }
    return next((cap for cap, is_reached in reached.items() if is_reached), None)


def may_remind(*, asked_at: datetime, reminded_at: datetime | None, at: datetime) -> bool:
    """Once a day; asking was the first time."""
    return at - (reminded_at or asked_at) >= BETWEEN_REMINDERS
