"""A day's matching in sums: how every fen of the money at WeChat is explained."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Min, QuerySet, Sum
from django.db.models.functions import Coalesce

from payments.models import BillFile, CloseItem, DailyClose, Difference, FundLine, TradeLine
from payments.rules.daily_close import BUCKETS, FLOWS, KIND_NAMES, BillKind, Bucket, FileState, ItemKind
from wallet.selectors.clearing import ClearingSum, clearing_sums
from wallet_project.kit import clock


@dataclass(frozen=True, kw_only=True)
class BucketSum:
    """Items of one kind and outcome (empty: all three agree); fen of the bill and of the ledger."""

    kind: str
    outcome: str
    count: int
    billed: int
    booked: int

    @property
    def name(self) -> str:
        return BUCKETS[Bucket(self.outcome)].name if self.outcome else "三方相符"

    @property
    def kind_name(self) -> str:
        return KIND_NAMES[ItemKind(self.kind)]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """
    Of one day: `opening` + what was `moved` = `closing`, the money at WeChat by our ledger; what the bills
    say of it; and what WeChat took as `fees` and `settled` to our bank, which is booked when two have signed.
    """

    opening: int
    moved: list[ClearingSum]
    closing: int
    buckets: list[BucketSum]
    fees: int
    settled: int
    wechat_balance: int | None

    @property
    def ties(self) -> bool:
        return self.opening + sum(part.amount for part in self.moved) == self.closing


def explanation_of(close: DailyClose) -> Explanation:
    """How the day of a matched close is explained, in two queries."""
    begins = clock.beginning_of(close.day)
    return Explanation(
        opening=close.opening or 0,
        moved=clearing_sums(since=begins, until=begins + timedelta(days=1)),
        closing=close.closing or 0,
        buckets=bucket_sums(close),
        fees=close.fees,
        settled=close.settled,
        wechat_balance=close.wechat_balance,
    )


def outside_of(close: DailyClose) -> tuple[int, int]:
    """
    What the fund-flow bills say that WeChat took as fees, and sent to our bank; each flow of an account once.
    What went from one of our accounts to the other is neither: it left here and came there. Fen.
    """
    lines = FundLine.objects.filter(file__close=close, problem="")
    return _sent(lines.filter(kind=ItemKind.FEE)), _sent(lines.filter(kind=ItemKind.OTHER))


def _sent(lines: QuerySet[FundLine]) -> int:
    once = lines.order_by().values("file", "flow_no").annotate(once=Min("change"))
    return -int(once.aggregate(sum=Sum("once", default=0))["sum"])


def balance_at_wechat(close: DailyClose) -> int | None:
    """
    What our accounts hold together at the end of a day, by the bills; unknown while there was none. Without
    business an account has no bill and holds what it held. Fen.
    """
    balances = [balance for kind in FLOWS if (balance := _last_balance(kind, close)) is not None]
    return sum(balances) if balances else None


def _last_balance(kind: BillKind, close: DailyClose) -> int | None:
    files = BillFile.objects.filter(kind=kind, state=FileState.STAGED, rows__gt=0, close__day__lte=close.day)
    lines = FundLine.objects.filter(file=files.order_by("-close__day").first(), problem="")
    return lines.order_by("-position").values_list("balance", flat=True).first()


def bucket_sums(close: DailyClose) -> list[BucketSum]:
    rows = (
        CloseItem.objects.filter(close=close)
        .values("kind", "outcome")
        .annotate(
            count=Count("pk"),
            billed=Sum(Coalesce("trade_amount", "fund_amount", 0)),
            booked=Sum(Coalesce("ledger_amount", 0)),
        )
        .order_by("kind", "outcome")
    )
    return [BucketSum(**row) for row in rows]


def exceptions_of(close: DailyClose) -> QuerySet[CloseItem]:
    """What did not agree at once, in order."""
    return (
        CloseItem.objects.filter(close=close).exclude(outcome="").order_by("outcome", "kind", "external_id")
    )


def billed_total(close: DailyClose) -> int:
    """The sum of all readable lines of the trade bill, refunds counted positive like payments; fen."""
    return TradeLine.objects.filter(file__close=close, problem="").aggregate(sum=Sum("amount", default=0))[
        "sum"
    ]


def differences_of(close: DailyClose) -> QuerySet[Difference]:
    """Open ones first, then by when they are due."""
    return Difference.objects.filter(close=close).order_by(
        F("ended_at").asc(nulls_first=True), "due_at", "pk"
    )
