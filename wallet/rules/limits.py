"""
How much of each move of money, per real-name level and period.

A move counts on its own limits, and what leaves the balance for somebody else counts on OUT as well: the sum
that 银发〔2015〕43 号 caps for each class of account. A withdrawal does not: the regulation leaves out what
goes back to its owner (art. 11 and 24), so nobody's money is locked in because they have spent much.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rules.kyc import KycLevel
from wallet.rules.kinds import MoveKind
from wallet_project.kit.money import Fen, yuan

OUT = "out"
LIMITED = [(OUT, _("余额支出合计")), *MoveKind.choices]
NAMES = dict(LIMITED)

# No move is without a limit; this is the most that a level can be given.
HIGHEST = Fen(1_000_000_00)
MOST_TIMES = 1_000

_COUNTS_AS_OUT = {MoveKind.PAY, MoveKind.TRANSFER, MoveKind.RED_PACKET, MoveKind.BILL}


class Period(TextChoices):
    SINGLE = "single", _("单笔")
    DAY = "day", _("单日")
    MONTH = "month", _("单月")
    YEAR = "year", _("单年")
    LIFETIME = "lifetime", _("累计")
    TIMES = "times", _("单日笔数")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one level may move in one way: fen, and how often a day. None: this period sets no limit."""

    per_day: int
    single: int | None = None
    per_month: int | None = None
    per_year: int | None = None
    lifetime: int | None = None
    times_a_day: int | None = None

    def of(self, period: Period) -> int | None:
        return {
            Period.SINGLE: self.single,
            Period.DAY: self.per_day,
            Period.MONTH: self.per_month,
            Period.YEAR: self.per_year,
            Period.LIFETIME: self.lifetime,
            Period.TIMES: self.times_a_day,
        }[period]

    def uplifted(self, uplift: int) -> "Limits":
        """So many basis points more of what we set; not of what the regulation counts, by year and ever."""
        more = {
            name: limit + limit * uplift // 10_000
            for name in ("single", "per_day", "per_month")
            if (limit := getattr(self, name)) is not None
        }
        return replace(self, **more)

    @property
    def columns(self) -> dict[str, int | None]:
        """As a version's row and a proposal keep them."""
        return asdict(self)

    @property
    def set(self) -> list[tuple[Period, int]]:
        """The limits there are, in the order in which people read them."""
        return [(period, limit) for period in Period if (limit := self.of(period)) is not None]


# Where nobody has said anything, nothing may be moved.
NONE = Limits(per_day=0)


@dataclass(frozen=True, kw_only=True)
class Used:
    """What somebody moved in one way: on `day`, the last one counted, in its month, its year, and ever."""

    day: date = date.min
    times: int = 0
    day_amount: int = 0
    month_amount: int = 0
    year_amount: int = 0
    lifetime_amount: int = 0

    def of(self, period: Period, *, today: date) -> int:
        """As of today: a period that `day` was not in has nothing in it yet."""
        begun, used = {
            Period.SINGLE: (date.max, 0),
            Period.TIMES: (today, self.times),
            Period.DAY: (today, self.day_amount),
            Period.MONTH: (today.replace(day=1), self.month_amount),
            Period.YEAR: (date(today.year, 1, 1), self.year_amount),
            Period.LIFETIME: (date.min, self.lifetime_amount),
        }[period]
        return used if self.day >= begun else 0


# What the regulation lets a class of account pay at most, whatever an operator wishes.
BY_LAW: dict[KycLevel, tuple[Period, Fen]] = {
    KycLevel.NONE: (Period.LIFETIME, Fen(1_000_00)),
    KycLevel.I: (Period.LIFETIME, Fen(1_000_00)),
    KycLevel.II: (Period.YEAR, Fen(100_000_00)),
    KycLevel.III: (Period.YEAR, Fen(200_000_00)),
}


def limit_in_words(period: Period, limits: Limits) -> str:
    """A limit as staff read it: 1,000.00 元, 20 笔, 停用, 不限."""
    limit = limits.of(period)
    if not limit:
        return "不限" if limit is None else "停用"
    return f"{limit} 笔" if period is Period.TIMES else f"{yuan(limit)} 元"


def problem_with(limits: Limits, *, level: KycLevel, move: str, mode: str) -> Promise | None:
    """Why no version may say this, for whoever wrote it; None: it may. `mode` is settings.WALLET_MODE."""
    amounts = [limit for period, limit in limits.set if period is not Period.TIMES]
    if not all(0 <= amount <= HIGHEST for amount in amounts):
        return _("限额不能为负，也不能超过一百万元")
    if limits.times_a_day is not None and not 0 <= limits.times_a_day <= MOST_TIMES:
        return _("单日笔数不能为负，也不能超过一千笔")
    if amounts != sorted(amounts):
        return _("较长期间的限额不能低于较短期间的")
    period, ceiling = BY_LAW[level]
    limit = limits.of(period)
    if move == OUT and mode == "licensed" and (limit is None or limit > ceiling):
        return _("超过监管规定的余额付款上限（银发〔2015〕43 号）")
    return None


def counted_on(kind: MoveKind) -> list[str]:
    """The counters of a move, in the order in which everybody takes them."""
    return [OUT, kind.value] if kind in _COUNTS_AS_OUT else [kind.value]


def left_of(limits: Limits, used: Used, *, today: date) -> Fen:
    """How much one more move may be at most; 0 also where the day's number of moves is used up."""
    if limits.times_a_day is not None and used.of(Period.TIMES, today=today) >= limits.times_a_day:
        return Fen(0)
    left = [
        limit - used.of(period, today=today) for period, limit in limits.set if period is not Period.TIMES
    ]
    return Fen(max(min(left), 0))


def resets_on(period: Period, *, today: date) -> date | None:
    """The first day on which a period that counts today has nothing in it; None: there is no such day."""
    match period:
        case Period.DAY | Period.TIMES:
            return today + timedelta(days=1)
        case Period.MONTH:
            return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        case Period.YEAR:
            return date(today.year + 1, 1, 1)
    return None
