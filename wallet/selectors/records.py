"""A customer's history and what its months add up to."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from wallet.models import Record
from wallet.rules.kinds import Direction
from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class KindTotal:
    kind: str
    direction: str
    amount: Fen
    count: int


@dataclass(frozen=True, kw_only=True)
class MonthTotals:
    """What came in and what went out in one Shanghai month, and how much of it under which name."""

    month: str
    income: Fen
    expense: Fen
    kinds: list[KindTotal]


def records_of(user_id: int, *, kind: str | None = None, month: str | None = None) -> QuerySet[Record]:
    """Their lines, newest first; `month` is '2026-11'."""
    found = Record.objects.filter(wallet__user=user_id)
    if kind:
        found = found.filter(kind=kind)
    if month:
        found = found.filter(month=month)
    return found.order_by("-id")


def has_records(user_id: int) -> bool:
    return Record.objects.filter(wallet__user=user_id).exists()


def month_totals(user_id: int, month: str) -> MonthTotals:
    """In one query, whatever the number of lines."""
    rows = (
        Record.objects.filter(wallet__user=user_id, month=month)
        .values("kind", "direction")
        .annotate(total=Sum("amount"), lines=Count("id"))
        .order_by("kind", "direction")
    )
    kinds = [
        KindTotal(
            kind=row["kind"], direction=row["direction"], amount=Fen(int(row["total"])), count=row["lines"]
        )
        for row in rows
    ]
    return MonthTotals(
        month=month,
        income=_sum(kinds, Direction.IN),
        expense=_sum(kinds, Direction.OUT),
        kinds=kinds,
    )


def _sum(kinds: list[KindTotal], direction: str) -> Fen:
    return Fen(sum(total.amount for total in kinds if total.direction == direction))
