"""How exceptions stand: what is open and late, how fast they end, and how many end by themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet

from payments.models import CallbackReceipt, CloseItem, ExceptionCase, TradeLine
from payments.rules.cases import CaseKind
from wallet_project.kit import clock

OPEN = Q(state=ExceptionCase.State.OPEN)
LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class CaseFigures:
    """
    Of one kind. `open` waits for a person, `refunding` for WeChat. `median` is from opening to end and
    `automatic` how many of `closed` nobody had to decide, both over the last thirty days.
    """

    kind: CaseKind
    open: int
    overdue: int
    unowned: int
    refunding: int
    opened_today: int
    closed_today: int
    closed: int
    automatic: int
    median: timedelta | None

    @property
    def title(self) -> str:
        return str(ExceptionCase.Kind(self.kind).label)


class _Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def case_figures(*, at: datetime) -> list[CaseFigures]:
    """Every kind of which there was a case lately, the one with the most late ones first; one query."""
    today, ended = clock.start_of_day(at), Q(state=ExceptionCase.State.RESOLVED)
    counted = ExceptionCase.objects.filter(~ended | Q(resolved_at__gte=at - LOOKED_BACK))
    took = ExpressionWrapper(F("resolved_at") - F("created_at"), output_field=DurationField())
    rows = counted.values("kind").annotate(
        open=Count("pk", filter=OPEN),
        overdue=Count("pk", filter=OPEN & Q(due_at__lt=at)),
        unowned=Count("pk", filter=OPEN & Q(assignee_id=None)),
        refunding=Count("pk", filter=Q(state=ExceptionCase.State.REFUNDING)),
        opened_today=Count("pk", filter=Q(created_at__gte=today)),
        closed_today=Count("pk", filter=Q(resolved_at__gte=today)),
        closed=Count("pk", filter=ended),
        automatic=Count("pk", filter=ended & Q(decided_by=None)),
        median=_Median(took, filter=ended),
    )
    said: list[dict[str, Any]] = [{**row, "kind": CaseKind(row["kind"])} for row in rows]
    figures = [CaseFigures(**each) for each in said]
    return sorted(figures, key=lambda each: (-each.overdue, -each.open, -each.opened_today, each.kind))


def most_urgent(*, limit: int) -> QuerySet[ExceptionCase]:
    """What a person must look at next."""
    return ExceptionCase.objects.filter(OPEN).order_by("due_at")[:limit]


def other_receipts(case: ExceptionCase) -> QuerySet[CallbackReceipt]:
    """What else came about the same number, beside what opened it; the newest first, a few."""
    about = CallbackReceipt.objects.filter(subject=case.number or "-")
    return about.exclude(cases=case).order_by("-pk")[:10]


def bill_lines_of(case: ExceptionCase) -> QuerySet[TradeLine]:
    """What WeChat's trade bills say of its transaction."""
    lines = TradeLine.objects.filter(external_id=case.transaction_id or "-").select_related("file__close")
    return lines.order_by("pk")[:10]


def close_item_of(line: TradeLine) -> CloseItem | None:
    """What the daily close made of a bill's line."""
    items = CloseItem.objects.filter(close=line.file.close_id, kind=line.kind, external_id=line.external_id)
    return items.first()
