"""
How much of each move of money, per real-name level and period.

A move counts on its own limits, and what leaves the balance for somebody else counts on OUT as well: the sum
that 银发〔2015〕43 号 caps for each class of account. A withdrawal does not: the regulation leaves out what
goes back to its owner (art. 11 and 24), so nobody's money is locked in because they have spent much.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.rules.kyc import KycLevel
from wallet.rules.kinds import MoveKind
from wallet_project.kit.money import Fen

OUT = "out"
LIMITED = [*MoveKind.choices, (OUT, _("余额支出合计"))]
NAMES = dict(LIMITED)

# No move is without a limit; this is the most that anybody can be given.
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


# What the regulation lets a class of account pay at most, whatever an operator wishes.
BY_LAW: dict[KycLevel, tuple[Period, Fen]] = {
    KycLevel.NONE: (Period.LIFETIME, Fen(1_000_00)),
    KycLevel.I: (Period.LIFETIME, Fen(1_000_00)),
    KycLevel.II: (Period.YEAR, Fen(100_000_00)),
    KycLevel.III: (Period.YEAR, Fen(200_000_00)),
}


def counted_on(kind: MoveKind) -> list[str]:
    """The counters of a move, in the order in which everybody takes them."""
    return [OUT, kind.value] if kind in _COUNTS_AS_OUT else [kind.value]


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
