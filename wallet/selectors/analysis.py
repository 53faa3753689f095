"""What a customer's spending says about a month or a year."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, Max, Q, Sum, When

from wallet.models import Category, CategoryTotal, Record, Wallet
from wallet.rules.categories import SPENDING, Nature
from wallet.selectors.categories import filed_between
from wallet.selectors.periods import Period, period_before
from wallet.selectors.unusual import UnusualLine, lines_worth_a_look
from wallet_project.kit.money import ZERO, Fen, share_out

WHOLE = 10_000  # shares are hundredths of a percent and add up to this
_PAYEES = 10


@dataclass(frozen=True, kw_only=True)
class CategorySpending:
    """`net` is what was spent and did not come back, `share` of all categories; the same before."""

    category: Category
    spent: Fen
    returned: Fen
    net: Fen
    count: int
    share: int
    net_before: Fen
    net_before_so_far: Fen | None


@dataclass(frozen=True, kw_only=True)
class TrendMonth:
    month: str
    net: Fen
    income: Fen


@dataclass(frozen=True, kw_only=True)
class Payee:
    name: str
    net: Fen
    count: int


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """
    With the period before. While a period is running, `net_so_far` is what was spent of the earlier one after
    as much of its time.
    """

    period: str
    net: Fen
    net_so_far: Fen | None


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """
    `spent` − `returned` is `net`, the sum of the categories. What was moved (topped up, withdrawn, corrected)
    is neither spending nor income. All of them together are what the records of the period add up to.
    """

    period: str
    is_running: bool
    spent: Fen
    returned: Fen
    net: Fen
    income: Fen
    moved_in: Fen
    moved_out: Fen
    categories: list[CategorySpending]
    trend: list[TrendMonth]
    payees: list[Payee]
    before: Comparison
    largest: list[Record]
    unusual: list[UnusualLine]


def analysis_of(user_id: int, period: Period, *, at: datetime) -> Analysis:
    """
    Eight queries at most. Totals come from one row per month, category and payee; what looks at lines reads
    one index, over the period or the newest lines of its last 90 days.
    """
    wallet_id = Wallet.objects.filter(user=user_id).values_list("pk", flat=True).first() or 0
    before = period_before(period)
    totals = _totals(wallet_id, {*period.months, *before.months, *period.trend})
    is_running = period.starts_at <= at < period.ends_at
    so_far = None
    if is_running:
        cut = min(before.starts_at + (at - period.starts_at), before.ends_at)
        so_far = _spent_between(wallet_id, before.starts_at, cut)
    largest, unusual = lines_worth_a_look(wallet_id, period, at=at)
    of_nature = {nature: totals.amount(period.months, nature) for nature in Nature}
    return Analysis(
        period=period.name,
        is_running=is_running,
        spent=of_nature[Nature.SPENT],
        returned=of_nature[Nature.RETURNED],
        net=totals.net(period.months),
        income=of_nature[Nature.EARNED],
        moved_in=of_nature[Nature.MOVED_IN],
        moved_out=of_nature[Nature.MOVED_OUT],
        categories=_by_category(totals, period=period, before=before, so_far=so_far),
        trend=[
            TrendMonth(month=month, net=totals.net([month]), income=totals.amount([month], Nature.EARNED))
            for month in period.trend
        ],
        payees=_payees(wallet_id, period.months),
        before=Comparison(
            period=before.name,
            net=totals.net(before.months),
            net_so_far=None if so_far is None else Fen(sum(so_far.values())),
        ),
        largest=largest,
        unusual=unusual,
    )


class _Totals:
    """Month, nature and category → amount and lines."""

    def __init__(self, rows: Iterable[tuple[str, str, str, int, int]]) -> None:
        self._rows = {
            (month, nature, category): (amount, lines) for month, nature, category, amount, lines in rows
        }
        self.categories = sorted({category for _month, nature, category in self._rows if nature in SPENDING})

    def amount(self, months: Sequence[str], nature: Nature, category: str | None = None) -> Fen:
        return Fen(self._sum(0, months, nature, category))

    def lines(self, months: Sequence[str], nature: Nature, category: str) -> int:
        return self._sum(1, months, nature, category)

    def net(self, months: Sequence[str], category: str | None = None) -> Fen:
        spent = self.amount(months, Nature.SPENT, category)
        return Fen(spent - self.amount(months, Nature.RETURNED, category))

    def _sum(self, part: int, months: Sequence[str], nature: Nature, category: str | None) -> int:
        return sum(
            sums[part]
            for (month, of, under), sums in self._rows.items()
            if month in months and of == nature and category in (None, under)
        )


def _totals(wallet_id: int, months: Iterable[str]) -> _Totals:
    rows = CategoryTotal.objects.filter(wallet=wallet_id, month__in=months).values_list(
        "month", "nature", "category_id"
    )
    return _Totals(rows.annotate(total=Sum("amount"), count=Sum("lines")))


def _spent_between(wallet_id: int, start: datetime, end: datetime) -> dict[str, Fen]:
    """Category → what was spent in this time and did not come back in it."""
    spent: dict[str, Fen] = defaultdict(lambda: ZERO)
    rows = (
        filed_between(wallet_id, start, end).filter(nature__in=SPENDING).values_list("category_id", "nature")
    )
    for category, nature, amount in rows.annotate(total=Sum("amount")):
        spent[category] = Fen(spent[category] + (amount if nature == Nature.SPENT else -amount))
    return spent


def _by_category(
    totals: _Totals, *, period: Period, before: Period, so_far: dict[str, Fen] | None
) -> list[CategorySpending]:
    """Those with lines in the period or before it, most spent first."""
    known = Category.objects.in_bulk(totals.categories)
    nets = {code: totals.net(period.months, code) for code in totals.categories}
    weights = [max(net, 0) for net in nets.values()]
    shares = share_out(Fen(WHOLE), weights) if any(weights) else weights
    rows = [
        CategorySpending(
            category=known[code],
            spent=totals.amount(period.months, Nature.SPENT, code),
            returned=totals.amount(period.months, Nature.RETURNED, code),
            net=net,
            count=totals.lines(period.months, Nature.SPENT, code),
            share=share,
            net_before=totals.net(before.months, code),
            net_before_so_far=None if so_far is None else so_far.get(code, ZERO),
        )
        for (code, net), share in zip(nets.items(), shares, strict=True)
    ]
    shown = [row for row in rows if row.spent or row.returned or row.net_before]
    return sorted(shown, key=lambda row: (-row.net, row.category.position, row.category.code))


def _payees(wallet_id: int, months: Sequence[str]) -> list[Payee]:
    signed = Sum(Case(When(nature=Nature.SPENT, then=F("amount")), default=-F("amount")))
    times = Sum("lines", filter=Q(nature=Nature.SPENT), default=0)
    rows = (
        CategoryTotal.objects.filter(wallet=wallet_id, month__in=months, nature__in=SPENDING)
        .exclude(counterparty="")
        .values("counterparty")
        .annotate(net=signed, times=times, name=Max("counterparty_name"))
        .filter(net__gt=0)
        .order_by("-net", "counterparty")
    )
    return [Payee(name=row["name"], net=Fen(int(row["net"])), count=row["times"]) for row in rows[:_PAYEES]]
