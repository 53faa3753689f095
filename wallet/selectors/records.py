"""A customer's history and what its months add up to."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet, Sum

from wallet.models import Entry, Record
from wallet.rules.kinds import Colour, Direction
from wallet.selectors.wallets import wallet_of
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
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


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which of somebody's lines; each wish narrows them, and none is all. `since` ≤ time < `before`."""

    kinds: tuple[str, ...] = ()
    direction: str = ""
    month: str = ""  # '2026-11'
    since: datetime | None = None
    before: datetime | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    counterparty: str = ""
    category: str = ""
    text: str = ""  # somewhere in the title, the counterparty's name or the reference

    def as_filter(self) -> Q:
        """
        A range of time names its months as well, so that the index by month finds it; a text is compared
        letter by letter, whatever LIKE would make of it.
        """
        wishes = {
            "kind__in": self.kinds,
            "direction": self.direction,
            "month": self.month,
            "occurred_at__gte": self.since,
            "occurred_at__lt": self.before,
            "month__gte": self.since and clock.business_month(self.since),
            "month__lte": self.before and clock.business_month(self.before),
            "amount__gte": self.amount_from,
            "amount__lte": self.amount_to,
            "counterparty": self.counterparty,
            "filed__category": self.category,
        }
        said = Q(**{name: wish for name, wish in wishes.items() if wish not in (None, "", ())})
        return said & self._containing() if self.text else said

    def _containing(self) -> Q:
        columns = ("title", "counterparty_name", "reference")
        return reduce(or_, (Q(**{f"{column}__icontains": self.text}) for column in columns))


EVERYTHING = Wanted()


def records_of(user_id: int, wanted: Wanted = EVERYTHING) -> QuerySet[Record]:
    """Their lines, newest first, each with its category."""
    found = Record.objects.filter(wanted.as_filter(), wallet=wallet_of(user_id))
    return found.select_related("filed__category").order_by("-id")


def record_for(*, user_id: int, record_id: int) -> Record:
    """
    :raises NotFound: no such line, or somebody else's: the two look alike
    """
    found = records_of(user_id).filter(pk=record_id).first()
    if found is None:
        raise NotFound
    return found


def colours_of(record: Record) -> dict[str, Fen]:
    """What it moved of each kind of money in the wallet: negative went out."""
    entries = Entry.objects.filter(journal=record.journal_id, account__wallet=record.wallet_id)
    moved = dict(entries.values_list("account__code", "amount"))
    return {colour: Fen(moved[colour]) for colour in Colour.values if colour in moved}


def has_records(user_id: int) -> bool:
    return Record.objects.filter(wallet=wallet_of(user_id)).exists()


def month_totals(user_id: int, month: str) -> MonthTotals:
    """In one query, whatever the number of lines."""
    rows = (
        Record.objects.filter(wallet=wallet_of(user_id), month=month)
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
