"""The lines of a period that are worth a look: the largest, and what is not as usual."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Aggregate, Case, Count, IntegerField, Min, Q, Value, When
from django.db.models.functions import ExtractHour

from wallet.models import Record
from wallet.rules.categories import Nature
from wallet.rules.unusual import NIGHT_HOURS, USUAL_DAYS, Habit, Oddity, Usual, oddities_of
from wallet.selectors.categories import filed_between
from wallet.selectors.periods import Period
from wallet.selectors.records import records_of
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

_LARGEST, _LOOKED_AT = 5, 50


@dataclass(frozen=True, kw_only=True)
class UnusualLine:
    record: Record
    oddities: list[Oddity]


class _Median(Aggregate):
    """The amount in the middle; of an even number the lower of the two, so that it is one that occurs."""

    function = "percentile_disc"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def lines_worth_a_look(
    user_id: int, wallet_id: int, period: Period, *, at: datetime
) -> tuple[list[Record], list[UnusualLine]]:
    """The largest lines, and the unusual ones of a month: a year has no usual."""
    is_month = len(period.months) == 1
    usual = _usual(wallet_id, until=min(at, period.ends_at)) if is_month else None
    spent = filed_between(wallet_id, period.starts_at, period.ends_at).filter(nature=Nature.SPENT)
    first = usual.first_night if usual else None
    night_first = Case(When(occurred_at=first, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = spent.order_by(night_first, "-amount", "-pk").values_list("pk", flat=True)[:_LOOKED_AT]
    records = sorted(
        records_of(user_id).filter(pk__in=list(found)), key=lambda record: (-record.amount, -record.pk)
    )
    unusual = [
        UnusualLine(record=record, oddities=oddities)
        for record in records
        if usual and (oddities := _oddities(record, usual))
    ]
    return records[:_LARGEST], unusual


def _oddities(record: Record, usual: Usual) -> list[Oddity]:
    return oddities_of(
        category=record.filed.category_id,
        amount=Fen(record.amount),
        occurred_at=record.occurred_at,
        usual=usual,
    )


def _usual(wallet_id: int, *, until: datetime) -> Usual:
    spent = filed_between(wallet_id, until - timedelta(days=USUAL_DAYS), until).filter(nature=Nature.SPENT)
    hour = ExtractHour("occurred_at", tzinfo=clock.SHANGHAI)
    rows = list(
        spent.annotate(hour=hour)
        .values("category_id")
        .annotate(
            lines=Count("pk"),
            median=_Median("amount"),
            first_night=Min("occurred_at", filter=Q(hour__in=list(NIGHT_HOURS))),
        )
    )
    nights = [row["first_night"] for row in rows if row["first_night"]]
    return Usual(
        habits={row["category_id"]: Habit(lines=row["lines"], median=Fen(row["median"])) for row in rows},
        first_night=min(nights, default=None),
    )
