"""The lines of a period that are worth a look: the largest, and what is not as usual."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from typing import Any, cast

from django.db.models import Case, IntegerField, Value, When

from wallet.models import Record
from wallet.rules.categories import Nature
from wallet.rules.unusual import NIGHT_HOURS, USUAL_DAYS, Habit, Oddity, Usual, oddities_of
from wallet.selectors.categories import filed_between
from wallet.selectors.periods import Period
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

_LARGEST, _LOOKED_AT, _ENOUGH = 5, 50, 2_000


@dataclass(frozen=True, kw_only=True)
class UnusualLine:
    record: Record
    oddities: list[Oddity]


def lines_worth_a_look(
    wallet_id: int, period: Period, *, at: datetime
) -> tuple[list[Record], list[UnusualLine]]:
    """The largest lines, and the unusual ones of a month: a year has no usual."""
    is_month = len(period.months) == 1
    usual = _usual(wallet_id, until=min(at, period.ends_at)) if is_month else None
    records = _largest(wallet_id, period, and_at=usual.first_night if usual else None)
    unusual = [
        UnusualLine(record=record, oddities=oddities)
        for record in records
        if usual and (oddities := _oddities(record, usual))
    ]
    return records[:_LARGEST], unusual


def _largest(wallet_id: int, period: Period, *, and_at: datetime | None) -> list[Record]:
    """As many as are looked at, largest first; the one of this moment among them, however small."""
    spent = filed_between(wallet_id, period.starts_at, period.ends_at).filter(nature=Nature.SPENT)
    wanted = Case(When(occurred_at=and_at, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = list(spent.order_by(wanted, "-amount", "-pk").values_list("pk", flat=True)[:_LOOKED_AT])
    records = Record.objects.filter(pk__in=found).select_related("filed__category")
    return sorted(records, key=lambda record: (-record.amount, -record.pk))


def _oddities(record: Record, usual: Usual) -> list[Oddity]:
    return oddities_of(
        category=cast(Any, record).filed.category_id,  # the reverse of RecordCategory.record
        amount=Fen(record.amount),
        occurred_at=record.occurred_at,
        usual=usual,
    )


def _usual(wallet_id: int, *, until: datetime) -> Usual:
    """Of the newest `_ENOUGH` lines: nobody has more in that time who lives by it."""
    spent = filed_between(wallet_id, until - timedelta(days=USUAL_DAYS), until).filter(nature=Nature.SPENT)
    newest = list(
        spent.order_by("-occurred_at").values_list("category_id", "amount", "occurred_at")[:_ENOUGH]
    )
    by_category: dict[str, list[int]] = defaultdict(list)
    for category, amount, _at in newest:
        by_category[category].append(amount)
    nights = [at for *_line, at in newest if at.astimezone(clock.SHANGHAI).hour in NIGHT_HOURS]
    return Usual(
        habits={
            category: Habit(lines=len(amounts), median=Fen(median_low(amounts)))
            for category, amounts in by_category.items()
        },
        first_night=min(nights, default=None),
    )
