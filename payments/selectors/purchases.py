"""What a paid order, and a refund of it, tell those who reward its payer."""

from typing import Any

from coupons.rules.baskets import Basket, BasketLine
from coupons.rules.purchases import Bought
from payments.models import Order, OrderRefund
from payments.rules.order_states import PaymentState
from payments.rules.refund_splits import OWN_MONEY
from wallet.rules.kinds import Colour
from wallet.selectors.spending import spent_on
from wallet_project.kit.money import ZERO, Fen


def purchase_of(order_no: str) -> Bought:
    """A paid order, its lines, and which money paid it: five queries."""
    order = Order.objects.select_related("store", "shop").prefetch_related("lines").get(number=order_no)
    assert order.payer_id is not None and order.paid_at is not None  # noqa: S101,PT018 - the table says so
    discounted = order.payments.filter(state=PaymentState.PAID, uses_discounts=True)
    redemption = discounted.values_list("number", flat=True).first()
    taken = spent_on(order_no, user_id=order.payer_id).taken
    return Bought(
        user_id=order.payer_id,
        reference=order.number,
        basket=basket_of(order),
        title=order.title,
        place_name=order.counterparty_name,
        own=Fen(taken.get(Colour.PRINCIPAL, ZERO) + order.paid_from_channel),
        given=Fen(taken.get(Colour.BONUS, ZERO) + taken.get(Colour.CASHBACK, ZERO)),
        paid_at=order.paid_at,
        redemption=redemption or "",
    )


def basket_of(order: Order) -> Basket:
    """What is in it, by value."""
    return Basket(
        amount=Fen(order.amount),
        place=order.counterparty,
        kind=order.origin,
        lines=tuple(
            BasketLine(sku=line.sku, amount=Fen(line.unit_price * line.quantity), quantity=line.quantity)
            for line in order.bought
        ),
    )


def return_of(number: str) -> dict[str, Any]:
    """What note_return wants to know of a refund that has succeeded."""
    refund = OrderRefund.objects.select_related("order").get(number=number)
    parts = refund.parts.select_related("source")
    return {
        "reference": refund.order.number,
        "number": refund.number,
        "amount": Fen(refund.amount),
        "own": Fen(sum(part.amount for part in parts if part.source.kind in OWN_MONEY)),
        "at": refund.ended_at,
    }
