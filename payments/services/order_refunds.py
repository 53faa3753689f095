"""Take a paid order back, in part or whole: ask, review, decide. Where the money goes: refund_parts."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from payments.errors import (
    OrderNotRefundable,
    RefundExceedsPaid,
    RefundNotInReview,
    RefundRejectedBefore,
    RefundUnderReview,
    ShopRefundConflict,
    TooManyRefunds,
)
from payments.events import RefundAccepted, RefundRejected, RefundRequested, RefundWithdrawn
from payments.models import Order, OrderRefund, OrderRefundPart, OrderSource
from payments.rules.order_refunds import (
    GIVEN_UP,
    ORDER_REFUND_MOVES,
    REFUNDS_PER_ORDER,
    SECOND_THOUGHTS,
    OrderRefundState,
    RefundOrigin,
    RefundReason,
)
from payments.rules.order_states import OrderState
from payments.rules.refund_splits import GOES_BACK_TO, Source, SourceKind, split_back
from payments.selectors.order_refunds import customer_refund, may_be_refunded, order_refunds
from payments.selectors.orders import order_for
from payments.services.locks import lock_order
from payments.services.refund_parts import give_back, refund_facts
from wallet.selectors.spending import spent_on
from wallet_project.approvals.errors import OwnProposal
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move
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
    A member of staff gives money back. Above what one may, a second one is asked, and it waits for them.

    :raises OwnProposal: nobody refunds their own order
    :raises Paused, OrderNotRefundable, RefundExceedsPaid, TooManyRefunds: as for the payer
    """
    require_going(Flow.REFUND)
    order = Order.objects.select_related("store", "shop").get(pk=order_id)
    _require_not_theirs(order, staff_id=maker_id)
    return _begin(
        order, amount=amount, origin=RefundOrigin.STAFF, reason=reason, note=note, maker_id=maker_id
    )


def withdraw_refund(*, payer_id: int, order_no: str, number: str) -> OrderRefund:
    """
    The payer takes their request back while nobody has decided it.

    :raises RefundNotInReview: it is decided, or was not theirs to begin with
    """
    found = customer_refund(payer_id, order_no, number)
    with transaction.atomic(durable=True):
        refund = _lock(found)
        if refund.state == OrderRefundState.WITHDRAWN:
            return found
        if refund.state != OrderRefundState.REVIEW or refund.origin != RefundOrigin.CUSTOMER:
            raise RefundNotInReview(state=refund.state)
        _give_up(refund, OrderRefundState.WITHDRAWN, answer="")
        publish(RefundWithdrawn(**refund_facts(refund)))
    return order_refunds().get(pk=refund.pk)


def approve_refund(*, number: str, reviewer_id: int, note: str) -> OrderRefund:
    """
    A member of staff has looked at it, and what they found: it is given back. Where it is more of this order
    than one person may let go, a second one is asked, and it stays in REVIEW.

    :raises Paused: refunds stand still
    :raises OwnProposal: nobody lets their own money out
    :raises RefundNotInReview: it is decided
    :raises AlreadyProposed: a second one has been asked already
    """
    require_going(Flow.REFUND)
    with transaction.atomic(durable=True):
        refund = _lock_for_review(number, reviewer_id=reviewer_id)
        if _given_back(refund.order) > settings.STAFF_REFUND_ALONE_MAX:
            _propose(refund, note=note, maker_id=reviewer_id)
        else:
            _accept(refund, reviewer_id=reviewer_id, note=note)
    return refund


def accept_proposed_refund(*, number: str, checker_id: int) -> None:
    """
    Two people let it go, in the transaction that approves it.

    :raises Paused: refunds stand still
    :raises RefundNotInReview: it was decided meanwhile
    """
    require_going(Flow.REFUND)
    _accept(_lock_for_review(number, reviewer_id=checker_id), reviewer_id=checker_id)


def reject_refund(*, number: str, reviewer_id: int, answer: str) -> None:
    """
    A member of staff says no, and why, in words that the payer reads.

    :raises RefundNotInReview: it is decided
    :raises OwnProposal: nobody decides about their own
    """
    with transaction.atomic(durable=True):
        refund = _lock_for_review(number, reviewer_id=reviewer_id)
        refund.reviewer_id = reviewer_id
        _give_up(refund, OrderRefundState.REJECTED, answer=answer)
        publish(RefundRejected(**refund_facts(refund), answer=answer))


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
    with transaction.atomic(durable=True):
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
        _reserve(refund)
        keep_effect(refund.number)
        record_audit(
            action="payments.order_refund.requested",
            subject=f"order:{order.number}",
            facts={"refund": refund.number, "amount": amount, "origin": origin},
        )
        publish(RefundRequested(**refund_facts(refund)))
        if _given_back(order) <= _alone_up_to(order, origin):
            _accept(refund)
        elif maker_id is not None:
            _propose(refund, note=note or str(refund.get_reason_display()), maker_id=maker_id)
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
        _give_up(waiting, OrderRefundState.WITHDRAWN, answer="商家已直接退款")
        publish(RefundWithdrawn(**refund_facts(waiting)))


def _reserve(refund: OrderRefund) -> None:
    """Split it over what paid the locked order, and keep it from being given back twice."""
    order = refund.order
    if refund.amount > order.refundable:
        raise RefundExceedsPaid(refundable=order.refundable)
    sources = _sources_of(order)
    parts = split_back(
        Fen(refund.amount), [Source(Fen(source.paid), Fen(source.returned)) for source in sources]
    )
    refund.save(force_insert=True)
    order.refunding += refund.amount
    order.save(update_fields=["refunding", "updated_at"])
    shares = [(source, part) for source, part in zip(sources, parts, strict=True) if part]
    for source, part in shares:
        source.returned += part
    OrderSource.objects.bulk_update((source for source, _part in shares), ["returned"])
    OrderRefundPart.objects.bulk_create(
        OrderRefundPart(
            refund=refund, source=source, amount=part, goes_to=GOES_BACK_TO[SourceKind(source.kind)]
        )
        for source, part in shares
    )


def _sources_of(order: Order) -> Sequence[OrderSource]:
    """Of a locked order; written down when they are first asked for."""
    if known := list(order.sources.order_by("place")):
        return known
    assert order.payer_id is not None  # noqa: S101 - the table says so of every paid order
    paid = spent_on(order.number, user_id=order.payer_id).taken
    paid[SourceKind.WECHAT] = Fen(order.paid_from_channel)
    return OrderSource.objects.bulk_create(
        OrderSource(order=order, kind=kind, place=place, paid=paid[kind])
        for place, kind in enumerate(SourceKind)
        if paid.get(kind)
    )


def _given_back(order: Order) -> int:
    """All that went back of an order, or is to: who asks in pieces is looked at as for the whole."""
    return order.refunded + order.refunding


def _alone_up_to(order: Order, origin: RefundOrigin) -> int:
    seller = order.store or order.shop
    limits = {
        RefundOrigin.CUSTOMER: seller.refunds_at_once_up_to if seller else 0,
        RefundOrigin.SHOP: settings.SHOP_REFUND_ALONE_MAX,
        RefundOrigin.STAFF: settings.STAFF_REFUND_ALONE_MAX,
    }
    return limits[origin]


def _accept(refund: OrderRefund, *, reviewer_id: int | None = None, note: str = "") -> None:
    require_transaction()
    refund.accepted_at, refund.reviewer_id = clock.now(), reviewer_id
    record_audit(
        action="payments.order_refund.accepted",
        subject=f"order:{refund.order.number}",
        facts={"refund": refund.number, "amount": refund.amount, "reason": note},
    )
    publish(RefundAccepted(**refund_facts(refund)))
    give_back(refund)


def _give_up(refund: OrderRefund, state: OrderRefundState, *, answer: str) -> None:
    """Nothing of a refund in review goes back; its order is locked."""
    require_move(ORDER_REFUND_MOVES, refund.state, state)
    order, parts = refund.order, list(refund.parts.select_related("source"))
    for part in parts:
        part.source.returned -= part.amount
    OrderSource.objects.bulk_update((part.source for part in parts), ["returned"])
    order.refunding -= refund.amount
    order.save(update_fields=["refunding", "updated_at"])
    refund.state, refund.answer, refund.ended_at = state, answer, clock.now()
    refund.save()
    record_audit(
        action=f"payments.order_refund.{state.lower()}",
        subject=f"order:{order.number}",
        facts={"refund": refund.number, "amount": refund.amount, "answer": answer},
    )


def _propose(refund: OrderRefund, *, note: str, maker_id: int) -> None:
    propose(
        kind="payments.order_refund",
        subject=f"order_refund:{refund.number}",
        facts={
            "number": refund.number,
            "order_no": refund.order.number,
            "amount": refund.amount,
            "why": str(refund.get_reason_display()),
            "user_id": refund.order.payer_id,
        },
        reason=note,
        maker_id=maker_id,
    )


def _lock_for_review(number: str, *, reviewer_id: int) -> OrderRefund:
    refund = _lock(OrderRefund.objects.get(number=number))
    _require_not_theirs(refund.order, staff_id=reviewer_id)
    if refund.state != OrderRefundState.REVIEW:
        raise RefundNotInReview(state=refund.state)
    return refund


def _lock(refund: OrderRefund) -> OrderRefund:
    """Its order first; nobody changes a refund without that lock."""
    order = lock_order(refund.order_id)
    locked = OrderRefund.objects.get(pk=refund.pk)
    locked.order = order
    return locked


def _require_not_theirs(order: Order, *, staff_id: int) -> None:
    if order.payer_id in User.objects.get(pk=staff_id).own_user_ids:
        raise OwnProposal
