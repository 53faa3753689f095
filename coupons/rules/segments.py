"""What an audience is made of: conditions over facts that we hold, as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from wallet_project.kit.money import fen_from_yuan


class Fact(TextChoices):
    """What is known of a customer; of some of them in the last so many days."""

    REGISTERED = "REGISTERED", "注册日期"
    KYC_LEVEL = "KYC_LEVEL", "实名等级（0–3）"
    BALANCE = "BALANCE", "钱包余额"
    PURCHASES = "PURCHASES", "消费次数"
    SPENT = "SPENT", "消费金额"
    OWN_SPENT = "OWN_SPENT", "自有资金消费金额"
    IDLE_DAYS = "IDLE_DAYS", "距上次消费天数"
    PLACE = "PLACE", "消费地点"
    TIER = "TIER", "会员等级"
    CHANNEL = "CHANNEL", "来过的渠道"


class Comparison(TextChoices):
    AT_LEAST = "AT_LEAST", "不小于"
    AT_MOST = "AT_MOST", "不大于"
    IS = "IS", "是其中之一"
    IS_NOT = "IS_NOT", "不是其中任何一个"


class Measure(TextChoices):
    """What a fact is measured in; of words somebody may have several."""

    COUNT = "COUNT", "整数"
    MONEY = "MONEY", "元"
    DAY = "DAY", "日期"
    WORDS = "WORDS", "文字"


MEASURES = {
    Fact.REGISTERED: Measure.DAY,
    Fact.KYC_LEVEL: Measure.COUNT,
    Fact.BALANCE: Measure.MONEY,
    Fact.PURCHASES: Measure.COUNT,
    Fact.SPENT: Measure.MONEY,
    Fact.OWN_SPENT: Measure.MONEY,
    Fact.IDLE_DAYS: Measure.COUNT,
    Fact.PLACE: Measure.WORDS,
    Fact.TIER: Measure.WORDS,
    Fact.CHANNEL: Measure.WORDS,
}
OF_LAST_DAYS = frozenset({Fact.PURCHASES, Fact.SPENT, Fact.OWN_SPENT, Fact.PLACE})
BY_NAME = frozenset({Fact.PLACE, Fact.TIER, Fact.CHANNEL})
# Who never bought has bought nothing for nothing; but nobody knows for how long they have been idle.
ZERO_WHEN_UNKNOWN = frozenset({Fact.BALANCE, Fact.PURCHASES, Fact.SPENT, Fact.OWN_SPENT})
MOST_DAYS = 730

Value = int | date | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """`value` is a count, fen, a day or words, as its fact is measured; `days` where it is OF_LAST_DAYS."""

    fact: Fact
    comparison: Comparison
    value: Value
    days: int | None = None

    @classmethod
    def of(cls, *, fact: str, comparison: str, value: str, days: int | None = None) -> "Condition":
        """
        As somebody typed it: yuan, 2026-11-01, or words with commas between them.

        :raises ValueError: it makes no sense, said in Chinese
        """
        measure = MEASURES[Fact(fact)]
        is_of_words = Comparison(comparison) in (Comparison.IS, Comparison.IS_NOT)
        if is_of_words != (measure == Measure.WORDS):
            raise ValueError("“是/不是”用于文字，“不小于/不大于”用于数字、金额和日期")
        if (days is not None) != (Fact(fact) in OF_LAST_DAYS):
            raise ValueError("消费次数、金额和地点须填写最近多少天，其他条件不填")
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise ValueError(f"最近 1 至 {MOST_DAYS} 天")
        return cls(fact=Fact(fact), comparison=Comparison(comparison), value=_read(measure, value), days=days)


Groups = Sequence[Sequence[Condition]]  # any of the groups, all of a group


def in_words(fact: str, comparison: str, value: str, days: int | None) -> str:
    """最近 30 天消费次数不小于 3"""
    lately = f"最近 {days} 天" if days else ""
    unit = " 元" if MEASURES[Fact(fact)] == Measure.MONEY else ""
    return f"{lately}{Fact(fact).label}{Comparison(comparison).label} {value}{unit}"


def _read(measure: Measure, text: str) -> Value:
    try:
        match measure:
            case Measure.DAY:
                return date.fromisoformat(text.strip())
            case Measure.MONEY:
                return fen_from_yuan(text)
            case Measure.COUNT:
                count = int(text)
                if not 0 <= count < 2**31:
                    raise ValueError
                return count
            case Measure.WORDS:
                words = tuple(word for part in text.replace("，", ",").split(",") if (word := part.strip()))
                if not words:
                    raise ValueError
                return words
    except ValueError:
        raise ValueError(f"这个条件的数值应为{measure.label}") from None
