"""How long points last, what they buy, and of which lots they are taken."""

import calendar
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import Fen

WORTH_LEAST = 100  # points per yuan: a point is booked at one fen, and buys no more than that


class ExpiryMode(models.TextChoices):
    """To the day of so many months later, or to the end of the month or the year in which that is."""

    ROLLING = "ROLLING", _("满期当日")
    MONTH_END = "MONTH_END", _("满期当月月底")
    YEAR_END = "YEAR_END", _("满期当年年底")


class HistoryKind(models.TextChoices):
    EARNED = "EARNED", _("获得")
    SPENT = "SPENT", _("使用")
    RETURNED = "RETURNED", _("退回")
    EXPIRED = "EXPIRED", _("过期")
    TAKEN_BACK = "TAKEN_BACK", _("退款收回")
    DEBT_PAID = "DEBT_PAID", _("抵扣欠缴")
    GIVEN_UP = "GIVEN_UP", _("注销放弃")


class SpendState(models.TextChoices):
    """RESERVED → USED | FREED."""

    RESERVED = "RESERVED", _("预留")
    USED = "USED", _("已用")
    FREED = "FREED", _("已释放")


def last_day(*, mode: str, months: int, first: date) -> date:
    """The last day, in Shanghai, on which points can be used that can be from `first` on."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    month += 1
    if mode == ExpiryMode.YEAR_END:
        return date(year, 12, 31)
    length = calendar.monthrange(year, month)[1]
    return date(year, month, length if mode == ExpiryMode.MONTH_END else min(first.day, length))


def worth_of(points: int, *, per_yuan: int) -> Fen:
    """What so many points pay, in whole fen and never too much."""
    return Fen(points * 100 // per_yuan)


def most_points(amount: Fen, *, per_yuan: int, share: int) -> int:
    """How many points may pay at most `share` basis points of an amount: no point is paid for nothing."""
    payable = amount * share // 10_000
    return -(-payable * per_yuan // 100)


class Taken(NamedTuple):
    """So many points of this."""

    of: int
    points: int


def take_in_order(points: int, left: Iterable[tuple[int, int]]) -> list[Taken]:
    """
    Take points from (key, how many there are), the first ones first.

    :raises ValueError: there are fewer
    """
    taken = []
    for key, there in left:
        part = min(points, there)
        if part:
            taken.append(Taken(key, part))
            points -= part
    if points:
        raise ValueError(f"{points} points are missing")
    return taken


class TakeBack(NamedTuple):
    """Points of a lot that are gone again: what was `left`, had `expired` already, or is `owed` now."""

    left: int
    expired: int
    owed: int


def take_back(due: int, *, left: int, expired: int) -> TakeBack:
    """What expired unused was of no good to anybody and is not owed; what was spent is."""
    of_left = min(due, left)
    of_expired = min(due - of_left, expired)
    return TakeBack(of_left, of_expired, due - of_left - of_expired)
