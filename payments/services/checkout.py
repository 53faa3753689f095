"""pay_order: plan, reserve, ask WeChat."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.selectors.users import openid_of
from payments.errors import OrderAlreadyPaid, OrderExpired, OrderNotPayable
from payments.models import Order, Payment
from payments.rules.order_states import ORDER_MOVES, OrderState, PaymentState
from payments.rules.plans import PaymentPlan, PayMethod, plan_payment
from payments.selectors.orders import live_payment, order_for
from payments.services.closing import close_payment
from payments.services.prepay import ask_wechat, parameters_for
from payments.services.settlement import complete_payment
from wallet.errors import InsufficientBalance
from wallet.selectors.balances import balance_of
from wallet.services.holds import place_hold
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move


@dataclass(frozen=True)
class Checkout:
    """Where the order stands, and what wx.requestPayment needs when something is left to pay at WeChat."""

    order: Order
    payment: Payment
    pay_params: dict[str, str] | None


def pay_order(*, payer_id: int, order_no: str, method: PayMethod, client_ip: str = "") -> Checkout:
    """
    Pay an order with balance, with WeChat, or with both: all of it or nothing.

    Balance alone is paid when this returns. Otherwise the balance part is held and the order is PAYING until
    WeChat says that the rest is paid. Asked again in the same way it answers the same payment; in another
    way, the earlier attempt is closed at WeChat first.

    :raises OrderAlreadyPaid: nothing is owed any more
    :raises OrderExpired: its time is over
    :raises OrderNotPayable: closed, or a payment that does not match is being looked at
    :raises InsufficientBalance: the wallet does not cover its part; nothing is held
    :raises ChannelRefused: WeChat does not take it; what was held is free again
    :raises ChannelUnavailable: WeChat did not answer; the same request may be sent again
    :raises PaymentEnded: the payment was closed meanwhile (cancelled, expired); nothing is held
    """
    if earlier := earlier_effect():
        payment = Payment.objects.select_related("order").get(number=earlier)
    else:
        order = order_for(payer_id, order_no)
        _leave_other_attempt(order, payer_id=payer_id, method=method)
        payment = _plan_and_reserve(payer_id=payer_id, order_id=order.pk, method=method, client_ip=client_ip)
    payment = ask_wechat(payment)
    order = Order.objects.select_related("store").get(payments=payment)
    return Checkout(order=order, payment=payment, pay_params=parameters_for(payment))


def _leave_other_attempt(order: Order, *, payer_id: int, method: PayMethod) -> None:
    """The customer came back and chose another way: nobody may pay the old one any more."""
    payment = live_payment(order)
    if payment and payment.method != method:
        if method is PayMethod.BALANCE:
            # A way that cannot work is refused before the one that can is given up.
            within_reach = balance_of(payer_id).available + payment.from_balance
            if within_reach < order.amount:
                raise InsufficientBalance(needed=order.amount, available=within_reach)
        close_payment(number=payment.number, reason="改用其他支付方式")


def _plan_and_reserve(*, payer_id: int, order_id: int, method: PayMethod, client_ip: str) -> Payment:
    try:
        return _reserve(payer_id=payer_id, order_id=order_id, method=method, client_ip=client_ip)
    except InsufficientBalance:
        if method is not PayMethod.COMBINED:
            raise
        # The balance was spent between our look and our hold: plan again with what is left.
        return _reserve(payer_id=payer_id, order_id=order_id, method=method, client_ip=client_ip)


@retry_conflicts
def _reserve(*, payer_id: int, order_id: int, method: PayMethod, client_ip: str) -> Payment:
    wallet = open_wallet(user_id=payer_id)
    now = clock.now()
    with transaction.atomic(durable=True):
        order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
        if repeated := _same_attempt(order, payer_id=payer_id, method=method):
            keep_effect(repeated.number)
            return repeated
        _require_payable(order, payer_id=payer_id, at=now)
        plan = plan_payment(total=Fen(order.amount), available=balance_of(payer_id).available, method=method)
        payment = _new_payment(
            order, payer_id=payer_id, method=method, plan=plan, at=now, client_ip=client_ip
        )
        keep_effect(payment.number)
        if plan.balance:
            hold = place_hold(
                wallet_id=wallet.pk, amount=plan.balance, key=f"hold:{payment.number}", reference=order.number
            )
            payment.hold_id = hold.pk
        payment.save(force_insert=True)
        require_move(ORDER_MOVES, order.state, OrderState.PAYING)
        if order.payer_id is None:  # a shop's order without a payer belongs to whoever is paying it
            order.payer_id, order.is_claimed = payer_id, True
        order.state = OrderState.PAYING
        order.save(update_fields=["payer", "is_claimed", "state", "updated_at"])
        payment.order = order
        if not plan.channel:
            complete_payment(payment, key=f"order:{order.number}", via="balance")
    return payment


def _same_attempt(order: Order, *, payer_id: int, method: PayMethod) -> Payment | None:
    """The live payment of this order, if it is this person's and of this way."""
    payment = live_payment(order)
    if payment and payment.payer_id == payer_id and payment.method == method:
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
