"""What was ordered, paid and given back in a time, counted: one query each, over an index of the moment."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, CharField, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Concat, ExtractHour

from payments.models import Order, OrderRefund, Payment
from payments.rules.order_states import OrderState, PaymentState
from payments.rules.plans import PayMethod
from wallet_project.kit.clock import SHANGHAI

# Who: ids of people, for a subquery; None is everybody.
People = QuerySet[Any, Any] | None

_METHOD = Case(
    When(paid_from_balance__gt=0, paid_from_channel__gt=0, then=Value(PayMethod.COMBINED)),
    When(paid_from_balance__gt=0, then=Value(PayMethod.BALANCE)),
    When(paid_from_channel__gt=0, then=Value(PayMethod.WECHAT)),
    default=Value("discount"),
    output_field=CharField(),
)
_PLACE = Case(  # as Order.counterparty
    When(store__isnull=False, then=Concat(Value("store:"), "store__code")),
    When(shop__isnull=False, then=Concat(Value("shop:"), "shop__key_id")),
    default=Value(""),
    output_field=CharField(),
)


class Placed(NamedTuple):
    """Orders placed in one hour, and what became of them until now."""

    hour: int
    orders: int
    paid: int
    lost: int  # closed without a payment


class Sales(NamedTuple):
    """Orders paid in one hour in one way at one place; fen. `own` is what was not a discount."""

    hour: int
    method: str
    place: str
    orders: int
    amount: int
    own: int
    coupons: int
    points: int


class Attempts(NamedTuple):
    """Attempts to pay that were begun in one hour and are over: with money, refused by WeChat, or neither."""

    hour: int
    purpose: str  # ORDER, TOP_UP
    ended: int
    paid: int
    refused: int


class Refunds(NamedTuple):
    """Refunds of orders accepted in one hour, for one reason; fen."""

    hour: int
    reason: str
    refunds: int
    amount: int


def orders_placed(*, since: datetime, until: datetime, among: People = None) -> list[Placed]:
    orders = _of(Order.objects.filter(placed_at__gte=since, placed_at__lt=until), payer=among)
    found = orders.values(hour=_hour("placed_at")).annotate(
        orders=Count("pk"),
        paid=Count("pk", filter=Q(state=OrderState.PAID)),
        lost=Count("pk", filter=Q(state=OrderState.CLOSED)),
    )
    return [Placed(**row) for row in found.order_by()]


def sales(*, since: datetime, until: datetime, among: People = None) -> list[Sales]:
    found = _sold(since, until, among).values(hour=_hour("paid_at"), method=_METHOD, place=_PLACE)
    counted = found.annotate(
        orders=Count("pk"),
        total=Sum("amount"),
        own=Sum(F("paid_from_balance") + F("paid_from_channel"), output_field=BigIntegerField()),
        coupons=Sum("paid_from_coupons"),
        points=Sum("paid_from_points"),
    )
    columns = ("hour", "method", "place", "orders", "total", "own", "coupons", "points")
    return [Sales(*row) for row in counted.order_by().values_list(*columns)]


def buyers(*, since: datetime, until: datetime, among: People = None) -> int:
    """Different people who paid for an order."""
    found: int = _sold(since, until, among).aggregate(buyers=Count("payer", distinct=True))["buyers"]
    return found


def attempts(*, since: datetime, until: datetime, among: People = None) -> list[Attempts]:
    begun = _of(Payment.objects.filter(created_at__gte=since, created_at__lt=until), payer=among)
    purpose = Case(When(order__isnull=False, then=Value("ORDER")), default=Value("TOP_UP"))
    over = (PaymentState.PAID, PaymentState.CLOSED, PaymentState.FAILED, PaymentState.DISPUTED)
    found = begun.values(hour=_hour("created_at"), purpose=purpose).annotate(
        ended=Count("pk", filter=Q(state__in=over)),
        paid=Count("pk", filter=Q(state=PaymentState.PAID)),
        refused=Count("pk", filter=Q(state=PaymentState.FAILED)),
    )
    return [Attempts(**row) for row in found.order_by()]


def refunds(*, since: datetime, until: datetime, among: People = None) -> list[Refunds]:
    accepted = OrderRefund.objects.filter(accepted_at__gte=since, accepted_at__lt=until)
    found = _of(accepted, order__payer=among).values("reason", hour=_hour("accepted_at"))
    counted = found.annotate(refunds=Count("pk"), total=Sum("amount")).order_by()
    return [Refunds(*row) for row in counted.values_list("hour", "reason", "refunds", "total")]


def _sold(since: datetime, until: datetime, among: People) -> QuerySet[Order]:
    return _of(Order.objects.filter(paid_at__gte=since, paid_at__lt=until), payer=among)


def _of(rows: QuerySet[Any], **people: People) -> QuerySet[Any]:
    return rows.filter(**{f"{who}__in": among for who, among in people.items() if among is not None})


def _hour(moment: str) -> ExtractHour:
    return ExtractHour(moment, tzinfo=SHANGHAI)
