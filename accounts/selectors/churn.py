"""Why customers leave, when, with how much, and whether an offer keeps them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from accounts.models import ClosureReason, ClosureRequest, OfferAnswer
from accounts.rules.closures import ClosureState
from wallet_project.kit import clock

_NUMBERS = {
    "began": Count("pk"),
    "closed": Count("pk", filter=Q(state=ClosureState.CLOSED)),
    "stayed": Count("pk", filter=Q(state__in=(ClosureState.CANCELLED, ClosureState.LAPSED))),
    "refused": Count("pk", filter=Q(state=ClosureState.REFUSED)),
    "offered": Count("pk", filter=Q(offer_shown_at__isnull=False)),
    "accepted": Count("pk", filter=Q(offer_answer=OfferAnswer.ACCEPTED)),
    "declined": Count("pk", filter=Q(offer_answer=OfferAnswer.DECLINED)),
    "tenure": Avg(F("ended_at") - F("user__created_at"), filter=Q(state=ClosureState.CLOSED)),
    "balance": Avg("balance"),
}


@dataclass(frozen=True, kw_only=True)
class ChurnRow:
    """
    Closures that began in a month or for a reason. `tenure` is how long those who left had been customers,
    `balance` what was left in fen, both as a mean; None where there is nobody to ask.
    """

    name: str
    began: int
    closed: int
    stayed: int
    refused: int
    offered: int
    accepted: int
    declined: int
    tenure: timedelta | None
    balance: int | None


def churn_by_month(*, since: datetime) -> list[ChurnRow]:
    """The newest month first; months in Shanghai."""
    dated = _since(since).annotate(month=TruncMonth("began_at", tzinfo=clock.SHANGHAI))
    rows = sorted(_counted(dated, by="month"), key=lambda row: row["month"], reverse=True)
    return [_row(row, name=f"{row['month']:%Y-%m}") for row in rows]


def churn_by_reason(*, since: datetime) -> list[ChurnRow]:
    """The most frequent reason first."""
    rows = sorted(_counted(_since(since), by="reason"), key=lambda row: (-row["began"], row["reason"]))
    return [_row(row, name=str(ClosureReason(row["reason"]).label)) for row in rows]


def _since(moment: datetime) -> QuerySet[ClosureRequest]:
    return ClosureRequest.objects.filter(began_at__gte=moment)


def _counted(requests: QuerySet[Any], *, by: str) -> list[dict[str, Any]]:
    return list(requests.values(by).annotate(**_NUMBERS).order_by())


def _row(found: dict[str, Any], *, name: str) -> ChurnRow:
    balance = found["balance"]
    numbers = {column: found[column] for column in _NUMBERS if column != "balance"}
    return ChurnRow(name=name, balance=None if balance is None else round(balance), **numbers)


def exits_by_reason(*, since: datetime, until: datetime) -> dict[str, int]:
    """Whose account was closed at their wish in a time: ClosureReason → people."""
    closed = ClosureRequest.objects.filter(state=ClosureState.CLOSED, ended_at__gte=since, ended_at__lt=until)
    return dict(
        closed.values("reason").annotate(people=Count("pk")).order_by().values_list("reason", "people")
    )
