"""Take a paid order back, in part or whole: who asks, and whether it goes at once."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from payments.errors import (
    OrderNotRefundable,
    RefundRejectedBefore,
    RefundUnderReview,
    ShopRefundConflict,
    TooManyRefunds,
)
from payments.events import RefundRequested, RefundWithdrawn
from payments.models import Order, OrderRefund
from payments.rules.order_refunds import (
    GIVEN_UP,
    REFUNDS_PER_ORDER,
    SECOND_THOUGHTS,
    OrderRefundState,
    RefundOrigin,
    RefundReason,
)
from payments.rules.order_states import OrderState
from payments.selectors.order_refunds import may_be_refunded, order_refunds
from payments.selectors.orders import order_for
from payments.services.locks import lock_order
from payments.services.refund_decisions import accept, ask_a_second, give_up, given_back, require_not_theirs
from payments.services.refund_parts import refund_facts
from payments.services.refund_reserve import reserve
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def ask_for_refund(
    *, payer_id: int, order_no: str, amount: Fen, reason: RefundReason, note: str
) -> OrderRefund:
    """
    The payer wants money back. As much of the order as its seller lets go at once is given back when this
    returns; more waits for a member of staff.

    :raises Paused: refunds stand still
    :raises OrderNotRefundable: not paid, or too long ago
    :raises RefundUnderReview: they have asked already
    :raises RefundRejectedBefore: they have been told no, asked again, and been told no again
    :raises RefundExceedsPaid: more than is left of the order
    :raises TooManyRefunds: WeChat takes no more of this order
    """
    if earlier := earlier_effect():
        return order_refunds().get(number=earlier)
    require_going(Flow.REFUND)
    order = order_for(payer_id, order_no)
    return _begin(order, amount=amount, origin=RefundOrigin.CUSTOMER, reason=reason, note=note)


def refund_for_shop(
    *, shop_order: Order, shop_refund_no: str, amount: Fen, reason: RefundReason, note: str
) -> OrderRefund:
    """
    The shop gives money of its order back. Sent again with the same contents it answers the same refund: the
    shop's number is the key. Above what a shop may give back alone, it waits for a member of staff.

    :raises ShopRefundConflict: the number was used for other contents
    :raises Paused, OrderNotRefundable, RefundExceedsPaid, TooManyRefunds: as for the payer
    """
    found = order_refunds().filter(order=shop_order, shop_refund_no=shop_refund_no).first()
    if found is None:
        require_going(Flow.REFUND)
        found = _begin(
            shop_order,
            amount=amount,
            origin=RefundOrigin.SHOP,
            reason=reason,
            note=note,
            shop_refund_no=shop_refund_no,
        )
    if (found.amount, found.reason, found.note) != (amount, reason, note):
        raise ShopRefundConflict(refund_no=found.number)
    return found


def refund_by_staff(
    *, order_id: int, amount: Fen, reason: RefundReason, note: str, maker_id: int
) -> OrderRefund:
    """
    A member of staff gives money back. Above what one may, a second one is asked, and it waits for them. It
    may be a part of the caller's transaction.

    :raises OwnProposal: nobody refunds their own order
    :raises Paused, OrderNotRefundable, RefundExceedsPaid, TooManyRefunds: as for the payer
    """
    require_going(Flow.REFUND)
    order = Order.objects.select_related("store", "shop").get(pk=order_id)
    require_not_theirs(order, staff_id=maker_id)
    return _begin(
        order, amount=amount, origin=RefundOrigin.STAFF, reason=reason, note=note, maker_id=maker_id
    )


@retry_conflicts
def _begin(
    order: Order,
    *,
    amount: Fen,
    origin: RefundOrigin,
    reason: RefundReason,
    note: str,
    shop_refund_no: str = "",
    maker_id: int | None = None,
) -> OrderRefund:
    now = clock.now()
    with transaction.atomic():
        order = lock_order(order.pk)
        numbered = order_refunds().filter(order=order, shop_refund_no=shop_refund_no)
        if shop_refund_no and (earlier := numbered.first()):
            return earlier
        _require_refundable(order, at=now)
        if origin == RefundOrigin.CUSTOMER:
            _require_may_ask(order)
        else:
            _make_room(order, amount)
        refund = OrderRefund(
            number=new_serial("D", now),
            order=order,
            amount=amount,
            origin=origin,
            reason=reason,
            note=note,
            shop_refund_no=shop_refund_no,
            maker_id=maker_id,
            requested_at=now,
        )
        reserve(refund)
        keep_effect(refund.number)
        record_audit(
            action="payments.order_refund.requested",
            subject=f"order:{order.number}",
            facts={"refund": refund.number, "amount": amount, "origin": origin},
        )
        publish(RefundRequested(**refund_facts(refund)))
        if given_back(order) <= _alone_up_to(order, origin):
            accept(refund)
        elif maker_id is not None:
            ask_a_second(refund, note=note or str(refund.get_reason_display()), maker_id=maker_id)
    return order_refunds().get(pk=refund.pk)


def _require_refundable(order: Order, *, at: datetime) -> None:
    if order.state != OrderState.PAID or not may_be_refunded(order, at=at):
        raise OrderNotRefundable(state=order.state)
    if order.refunds.exclude(state__in=GIVEN_UP).count() >= REFUNDS_PER_ORDER:
        raise TooManyRefunds(limit=REFUNDS_PER_ORDER)


def _require_may_ask(order: Order) -> None:
    asked = order.refunds.filter(origin=RefundOrigin.CUSTOMER)
    if waiting := asked.filter(state=OrderRefundState.REVIEW).first():
        raise RefundUnderReview(number=waiting.number)
    if asked.filter(state=OrderRefundState.REJECTED).count() > SECOND_THOUGHTS:
        raise RefundRejectedBefore


def _make_room(order: Order, amount: Fen) -> None:
    """What the seller gives back takes the place of what the payer asked for and nobody has decided."""
    if amount <= order.refundable:
        return
    waiting = order.refunds.filter(origin=RefundOrigin.CUSTOMER, state=OrderRefundState.REVIEW).first()
    if waiting is not None and amount <= order.refundable + waiting.amount:
        waiting.order = order
        give_up(waiting, OrderRefundState.WITHDRAWN, answer="商家已直接退款")
        publish(RefundWithdrawn(**refund_facts(waiting)))


def _alone_up_to(order: Order, origin: RefundOrigin) -> int:
    seller = order.store or order.shop
    limits = {
        RefundOrigin.CUSTOMER: seller.refunds_at_once_up_to if seller else 0,
        RefundOrigin.SHOP: settings.SHOP_REFUND_ALONE_MAX,
        RefundOrigin.STAFF: settings.STAFF_REFUND_ALONE_MAX,
    }
    return limits[origin]
