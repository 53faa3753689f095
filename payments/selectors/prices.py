"""What an order would cost its payer, before they decide how to pay it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from coupons.selectors.discount_quotes import DiscountQuote, earning_of, expected_points, quote_discounts
from payments.models import Order
from payments.rules.plans import PayMethod, plan_payment
from payments.selectors.orders import order_for
from payments.selectors.purchases import basket_of
from wallet.selectors.balances import balance_of
from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class Option:
    """What one method would take. `earns`: points that may be expected, as gifts in the wallet go first."""

    method: PayMethod
    from_balance: Fen
    from_channel: Fen
    is_covered: bool
    earns: int


@dataclass(frozen=True, kw_only=True)
class Price:
    """`due` fen are left after discounts."""

    order: Order
    discounts: DiscountQuote
    due: Fen
    options: Sequence[Option]


def price_of(
    *, payer_id: int, order_no: str, coupons: frozenset[str] | None, points: int, at: datetime
) -> Price:
    """
    With exactly these coupons, or the best ones where it is None. Nothing is reserved; paying looks again.

    :raises NotFound: no such order, or somebody else's
    :raises CouponNotUsable, CouponNotApplicable, PointsShort, PointsNotUsable, Paused: as when it is paid
    """
    order = order_for(payer_id, order_no)
    basket = basket_of(order)
    quote = quote_discounts(user_id=payer_id, basket=basket, coupons=coupons, points=points, at=at)
    balance, earning = balance_of(payer_id), earning_of(payer_id, at=at)
    options = []
    for method in PayMethod:
        plan = plan_payment(
            total=Fen(order.amount), available=balance.available, method=method, discounts=quote.discounts
        )
        gifts = min(plan.balance, balance.bonus + balance.cashback)
        own = Fen(plan.balance + plan.channel - gifts)
        options.append(
            Option(
                method=method,
                from_balance=plan.balance,
                from_channel=plan.channel,
                is_covered=plan.balance <= balance.available,
                earns=expected_points(earning, basket=basket, own=own, at=at),
            )
        )
    return Price(order=order, discounts=quote, due=Fen(order.amount - quote.discounts.total), options=options)
