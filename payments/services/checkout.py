"""pay_order: plan, reserve, ask WeChat."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import transaction

from accounts.errors import StepUpRefused
from accounts.rules.screening import ORDER_BY_WECHAT
from accounts.rules.step_up import Operation, OperationKind
from accounts.selectors.users import openid_of
from accounts.services.screening import screen_visit
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from coupons.rules.redemptions import NO_DISCOUNTS, NO_WISH, Discounts, in_words
from coupons.selectors.redemptions import discounts_for, is_anything_off, wish_behind
from coupons.services.redemption import reserve_discounts
from payments.errors import OrderAlreadyPaid, OrderExpired, OrderNotPayable
from payments.models import Order, Payment
from payments.rules.order_states import ORDER_MOVES, OrderState, PaymentState
from payments.rules.plans import PaymentPlan, PayMethod, Way, plan_payment
from payments.selectors.orders import live_payment, order_for
from payments.selectors.purchases import basket_of
from payments.services.closing import close_payment
from payments.services.completion import complete_payment
from payments.services.locks import lock_order
from payments.services.prepay import ask_wechat, parameters_for
from wallet.errors import InsufficientBalance
from wallet.rules.kinds import MoveKind
from wallet.rules.spend_order import SPEND_ORDERS, Spending
from wallet.selectors.balances import balance_of
from wallet.services.holds import place_hold
from wallet.services.limits import check_limit, use_limit
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import ZERO, Fen
from wallet_project.kit.rows import insert, update
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


@dataclass(frozen=True)
class Checkout:
    """Where the order stands, and what wx.requestPayment needs when something is left to pay at WeChat."""

    order: Order
    payment: Payment
    pay_params: dict[str, str] | None


def pay_order(
    *,
    payer_id: int,
    device_id: str,
    order_no: str,
    way: Way,
    grant: str = "",
    client_ip: str = "",
) -> Checkout:
    """
    Pay an order with coupons and points, and the rest with balance, with WeChat, or with both: all of it or
    nothing.

    What comes from the balance must be proven to be the customer's wish: this amount, for this order, to this
    payee, beside these discounts. Where WeChat is not needed it is paid when this returns. Otherwise
    coupons and points are reserved, the balance part is held, and the order is PAYING until WeChat says that
    the rest is paid. Asked again in the same way it answers the same payment; in another way, the earlier
    attempt is closed at WeChat first.

    :raises Paused: payments stand still
    :raises OrderAlreadyPaid: nothing is owed any more
    :raises OrderExpired: its time is over
    :raises OrderNotPayable: closed, or a payment that does not match is being looked at
    :raises CouponNotUsable: one of the coupons is not theirs, was used, or another order has it
    :raises CouponNotApplicable: one does not go with this order, or with the others; it says why
    :raises PointsShort, PointsNotUsable: so many points are not there, or may not pay this order
    :raises InsufficientBalance: the wallet does not cover its part; nothing is held
    :raises LimitExceeded: the balance part is more than may be paid from it now
    :raises StepUpRequired: the balance part waits for proof; see `authorise` for its kin
    :raises MoveDenied: it looks wrong; see `screen_visit` for its kin
    :raises ChannelRefused: WeChat does not take it; what was held is free again
    :raises ChannelUnavailable: WeChat did not answer; the same request may be sent again
    :raises PaymentEnded: the payment was closed meanwhile (cancelled, expired); nothing is held
    """
    if earlier := earlier_effect():
        payment = Payment.objects.select_related("order").get(number=earlier)
    else:
        require_going(Flow.PAY)
        order = order_for(payer_id, order_no)
        leave, live = None, live_payment(order)
        if live is None or _way_of(live) != way:
            # Refusals and proofs come before the attempt that may still be paid is given up.
            operation = _operation(order, payer_id=payer_id, way=way, live=live)
            if operation.amount:
                if not grant:
                    check_limit(user_id=payer_id, kind=MoveKind.PAY, amount=operation.amount, at=clock.now())
                leave = authorise(user_id=payer_id, device_id=device_id, operation=operation, grant=grant)
            else:
                screen_visit(
                    operation=ORDER_BY_WECHAT, user_id=payer_id, device_id=device_id, amount=Fen(order.amount)
                )
            if live is not None:
                close_payment(number=live.number, reason="改用其他支付方式")
        payment = _plan_and_reserve(
            payer_id=payer_id, order_id=order.pk, way=way, leave=leave, client_ip=client_ip
        )
    payment = ask_wechat(payment)
    return Checkout(order=cast(Order, payment.order), payment=payment, pay_params=parameters_for(payment))


def _operation(order: Order, *, payer_id: int, way: Way, live: Payment | None) -> Operation:
    """What the customer must want: the balance part of this order, to this payee, beside these discounts."""
    if live is None:
        _require_payable(order, payer_id=payer_id, at=clock.now())
    available = Fen(balance_of(payer_id).available + (live.from_balance if live else 0))
    discounts = _discounts(
        order, payer_id=payer_id, way=way, at=clock.now(), besides=live.number if live else ""
    )
    plan = plan_payment(total=Fen(order.amount), available=available, method=way.method, discounts=discounts)
    if plan.balance > available:
        if live is None:  # what is missing may just have paid this very order
            _require_payable(order_for(payer_id, order.number), payer_id=payer_id, at=clock.now())
        raise InsufficientBalance(needed=plan.balance, available=available)
    payee = order.store.name if order.store else order.title
    facts = {"order": order.number, "payee": payee}
    if discounts.total:
        facts["besides"] = in_words(discounts)
    return Operation(kind=OperationKind.ORDER_PAY, amount=plan.balance, facts=facts)


def _plan_and_reserve(
    *, payer_id: int, order_id: int, way: Way, leave: Authorisation | None, client_ip: str
) -> Payment:
    def reserve() -> Payment:
        return _reserve(payer_id=payer_id, order_id=order_id, way=way, leave=leave, client_ip=client_ip)

    try:
        return reserve()
    except InsufficientBalance:
        if way.method is not PayMethod.COMBINED:
            raise
        # The balance was spent between our look and our hold: plan again with what is left.
        return reserve()


@retry_conflicts
def _reserve(
    *, payer_id: int, order_id: int, way: Way, leave: Authorisation | None, client_ip: str
) -> Payment:
    wallet = open_wallet(user_id=payer_id)
    now = clock.now()
    with transaction.atomic(durable=True):
        order = lock_order(order_id)
        if repeated := _same_attempt(order, payer_id=payer_id, way=way):
            keep_effect(repeated.number)
            return repeated
        _require_payable(order, payer_id=payer_id, at=now)
        # Never more than was proven, whatever came in meanwhile.
        available = min(balance_of(payer_id).available, leave.operation.amount if leave else ZERO)
        discounts = _discounts(order, payer_id=payer_id, way=way, at=now)
        plan = plan_payment(
            total=Fen(order.amount), available=available, method=way.method, discounts=discounts
        )
        payment = _new_payment(
            order, payer_id=payer_id, method=way.method, plan=plan, at=now, client_ip=client_ip
        )
        keep_effect(payment.number)
        if plan.balance:
            if leave is None or plan.balance > leave.operation.amount:
                # The attempt that this request repeats has ended meanwhile, or a discount has.
                raise StepUpRefused
            spend_authorisation(leave)
            use_limit(user_id=payer_id, kind=MoveKind.PAY, amount=plan.balance, at=now)
        if not discounts.is_nothing:
            reserve_discounts(
                reference=payment.number,
                user_id=payer_id,
                discounts=discounts,
                at=now,
            )
            payment.uses_discounts = True
        if plan.balance:
            hold = place_hold(
                wallet_id=wallet.pk,
                amount=plan.balance,
                key=f"hold:{payment.number}",
                reference=order.number,
                spend_order=SPEND_ORDERS[Spending(settings.SPENDING)],
            )
            payment.hold_id = hold.pk
        require_move(ORDER_MOVES, order.state, OrderState.PAYING)
        if order.payer_id is None:  # a shop's order without a payer belongs to whoever is paying it
            order.payer_id, order.is_claimed = payer_id, True
        order.state = OrderState.PAYING
        payment.order = order
        if plan.channel:
            insert(payment)
            update(order, "payer", "is_claimed", "state", "updated_at")
        else:
            complete_payment(
                payment, key=f"order:{order.number}", via="balance" if plan.balance else "discount"
            )
    return payment


def _discounts(order: Order, *, payer_id: int, way: Way, at: datetime, besides: str = "") -> Discounts:
    if way.discounts == NO_WISH and not is_anything_off(at=at):
        return NO_DISCOUNTS
    return discounts_for(
        user_id=payer_id, basket=basket_of(order), wish=way.discounts, at=at, besides=besides
    )


def _way_of(payment: Payment) -> Way:
    discounts = wish_behind(payment.number) if payment.uses_discounts else NO_WISH
    return Way(method=PayMethod(payment.method), discounts=discounts)


def _same_attempt(order: Order, *, payer_id: int, way: Way) -> Payment | None:
    """The live payment of this order, if it is this person's and of this way."""
    payment = live_payment(order)
    if payment and payment.payer_id == payer_id and _way_of(payment) == way:
        payment.order = order
        return payment
    return None


def _require_payable(order: Order, *, payer_id: int, at: datetime) -> None:
    if order.state == OrderState.PAID:
        raise OrderAlreadyPaid
    if order.state != OrderState.OPEN or order.payer_id not in (None, payer_id):
        raise OrderNotPayable(state=order.state)
    if order.expires_at <= at:
        raise OrderExpired(expired_at=clock.iso(order.expires_at))


def _new_payment(
    order: Order, *, payer_id: int, method: PayMethod, plan: PaymentPlan, at: datetime, client_ip: str
) -> Payment:
    return Payment(
        number=new_serial("P", at),
        order=order,
        payer_id=payer_id,
        method=method,
        description=order.title,
        from_coupons=plan.coupons,
        from_points=plan.points,
        from_balance=plan.balance,
        from_channel=plan.channel,
        state=PaymentState.REQUESTED,
        appid=settings.WECHAT["appid"],
        mchid=settings.WECHAT["mchid"],
        openid=openid_of(payer_id) if plan.channel else "",
        client_ip=client_ip,
        expires_at=_payment_ends(order, at=at),
        next_query_at=at + timedelta(seconds=10),
    )


def _payment_ends(order: Order, *, at: datetime) -> datetime:
    latest = min(order.expires_at, at + timedelta(seconds=settings.PAYMENT_LIFETIME_SECONDS))
    return max(latest, at + timedelta(seconds=settings.SHORTEST_PAYMENT_SECONDS))
