"""What a number is: what it counts, in which unit, and whether it adds up over time."""

from dataclasses import dataclass

from django.db.models import TextChoices


class Unit(TextChoices):
    FEN = "FEN", "元"  # stored in fen, shown in yuan
    COUNT = "COUNT", "次"
    PEOPLE = "PEOPLE", "人"
    POINTS = "POINTS", "分"
    SECONDS = "SECONDS", "秒"


class Adds(TextChoices):
    """How figures of several days become one."""

    SUM = "SUM", "可相加"  # what happened: orders, fen
    LAST = "LAST", "取期末"  # what was there at the end: balances, queues
    NEVER = "NEVER", "不可相加"  # different people: whoever came on two days is one person


class Topic(TextChoices):
    TRADE = "TRADE", "交易"
    USERS = "USERS", "用户"
    MONEY = "MONEY", "资金"
    GROWTH = "GROWTH", "增长"
    SUPPORT = "SUPPORT", "客服"
    RISK = "RISK", "风控"
    HABITS = "HABITS", "习惯"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """
    A number that is rolled up every day. `definition` is printed beside it. `hourly`: also kept by hour.
    `by_person`: can be asked about the people of a segment alone. `parts`: by what it is cut, the words
    before the colon of its cuts.
    """

    code: str
    name: str
    definition: str
    unit: Unit
    topic: Topic
    adds: Adds = Adds.SUM
    hourly: bool = False
    by_person: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """One rolled-up number over another, taken of the sums: never an average of averages. Shown in percent
    when both have one unit, else in the unit of `over`."""

    code: str
    name: str
    definition: str
    over: str
    under: str
    topic: Topic
