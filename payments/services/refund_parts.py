"""Where the parts of an accepted refund go, and when each has arrived. Whoever calls has locked the order."""

from typing import Any

from django.db.models import Sum

from coupons.services.redemption import return_discounts, returned_legs
from payments.events import RefundDelayed, RefundSucceeded
from payments.models import OrderRefund, OrderRefundPart, Payment, Refund
from payments.rules.cases import CaseKind
from payments.rules.order_refunds import ORDER_REFUND_MOVES, OrderRefundState
from payments.rules.order_states import PaymentState
from payments.rules.refund_splits import Destination, SourceKind
from payments.services.cases import open_case
from payments.services.locks import lock_order
from wallet.errors import WalletClosed
from wallet.rules.postings import Leg
from wallet.services.ledger import PostedJournal
from wallet.services.refunds import RefundMoney, book_refund, book_unclaimed_refund, settle_refund
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import ZERO, Fen
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move


def give_back(refund: OrderRefund) -> None:
    """
    The wallet has its part when this commits, and points and coupons are back; WeChat is asked for the rest
    afterwards.

    Not the other way round and not together: it is owed from the moment it was decided, and nobody shall wait
    for WeChat with what we can give at once.
    """
    require_transaction()
    parts = list(refund.parts.select_related("source"))
    payment = paid_by(refund)
    of_points, of_coupons = _of(SourceKind.POINTS, parts), _of(SourceKind.COUPON, parts)
    discount: list[Leg] = []
    if payment.uses_discounts:
        discount = returned_legs(reference=payment.number, coupon=of_coupons, points=of_points)
    journal = _book(refund, parts, discount=discount)
    if payment.uses_discounts:
        return_discounts(
            reference=payment.number,
            number=refund.number,
            points=of_points,
            all_is_back=_is_the_last(refund),
        )
    refund.journal_id = journal.journal_id
    for part in parts:
        if part.goes_to == Destination.WECHAT:
            ask_wechat_for(part)
        else:
            _arrive(refund, part)
    _conclude(refund, OrderRefundState.PROCESSING)


def ask_wechat_for(part: OrderRefundPart) -> Refund:
    """A new number, asked for after the commit; the table knows one at a time that may still happen."""
    require_transaction()
    now, refund = clock.now(), part.refund
    payment = paid_by(refund)
    attempt = Refund.objects.create(
        number=new_serial("F", now),
        part=part,
        transaction_id=payment.transaction_id or "",
        amount=part.amount,
        total=payment.from_channel,
        reason=str(refund.get_reason_display()),
        next_query_at=now,
    )
    after_commit("payments.push_refund", number=attempt.number)
    return attempt


def wechat_gave_back(attempt: Refund) -> None:
    """WeChat has given its part to the payer; the attempt is locked."""
    part = _lock_part_of(attempt)
    settle_refund(amount=Fen(part.amount), number=part.refund.number, refund_id=attempt.refund_id or "")
    arrive(part)


def wechat_gave_up(attempt: Refund) -> None:
    """WeChat did not do it: the money is still owed, and a person decides how it gets to its owner."""
    part = _lock_part_of(attempt)
    open_case(
        kind=CaseKind.REFUND_REFUSED,
        number=part.refund.number,
        transaction_id=attempt.number,
        amount=ZERO,
        payment=paid_by(part.refund),
        evidence={"amount": part.amount, "order": part.refund.order.number, "said": attempt.last_error},
    )
    mark_delayed(part.refund)


def wechat_is_stuck(attempt: Refund) -> None:
    """The money left us and cannot reach the payer; whoever reports it opens the case."""
    mark_delayed(_lock_part_of(attempt).refund)


def arrive(part: OrderRefundPart) -> None:
    """This part is with its owner; with the last one the refund is over."""
    _arrive(part.refund, part)
    _conclude(part.refund, OrderRefundState(part.refund.state))


def mark_delayed(refund: OrderRefund) -> None:
    if refund.state == OrderRefundState.DELAYED:
        return
    _move(refund, OrderRefundState.DELAYED)
    publish(RefundDelayed(**refund_facts(refund)))


def lock_part(part_id: int) -> OrderRefundPart:
    """A part as it is now, with its refund and its locked order."""
    require_transaction()
    order_id = OrderRefundPart.objects.values_list("refund__order_id", flat=True).get(pk=part_id)
    order = lock_order(order_id)
    part = OrderRefundPart.objects.select_related("refund", "source").get(pk=part_id)
    part.refund.order = order
    return part


def paid_by(refund: OrderRefund) -> Payment:
    return refund.order.payments.get(state=PaymentState.PAID)


def refund_facts(refund: OrderRefund) -> dict[str, Any]:
    """What every event says of it."""
    return {
        "number": refund.number,
        "order_no": refund.order.number,
        "payer_id": refund.order.payer_id,
        "amount": refund.amount,
        "origin": str(refund.origin),
    }


def _lock_part_of(attempt: Refund) -> OrderRefundPart:
    assert attempt.part_id is not None  # noqa: S101 - whoever calls has looked
    return lock_part(attempt.part_id)


def _of(kind: SourceKind, parts: list[OrderRefundPart]) -> Fen:
    return Fen(sum(part.amount for part in parts if part.source.kind == kind))


def _is_the_last(refund: OrderRefund) -> bool:
    """With this one nothing is left of the order."""
    accepted = refund.order.refunds.filter(journal_id__isnull=False).exclude(pk=refund.pk)
    before = accepted.aggregate(total=Sum("amount", default=0))["total"]
    return bool(before + refund.amount == refund.order.amount)


def _book(refund: OrderRefund, parts: list[OrderRefundPart], *, discount: list[Leg]) -> PostedJournal:
    money = _money(refund, parts, discount=discount)
    try:
        return book_refund(money)
    except WalletClosed:
        journal = book_unclaimed_refund(money)
    for part in parts:
        if part.goes_to == Destination.WALLET:
            part.goes_to = Destination.SUSPENSE
    open_case(
        kind=CaseKind.REFUND_UNCLAIMED,
        number=refund.number,
        transaction_id=refund.number,
        amount=ZERO,
        payment=paid_by(refund),
        evidence={
            "amount": sum(money.back.values()),
            "order": refund.order.number,
            "journal": journal.journal_id,
            "user_id": money.user_id,
        },
    )
    return journal


def _money(refund: OrderRefund, parts: list[OrderRefundPart], *, discount: list[Leg]) -> RefundMoney:
    order = refund.order
    to_wallet = {part.source.kind: Fen(part.amount) for part in parts if part.goes_to == Destination.WALLET}
    assert order.payer_id is not None  # noqa: S101 - the table says so of every paid order
    return RefundMoney(
        user_id=order.payer_id,
        number=refund.number,
        order_no=order.number,
        back=to_wallet,
        channel=_of(SourceKind.WECHAT, parts),
        discount=discount,
        title=order.title,
        counterparty=order.counterparty,
        counterparty_name=order.counterparty_name,
    )


def _arrive(refund: OrderRefund, part: OrderRefundPart) -> None:
    part.arrived_at = clock.now()
    part.save(update_fields=["goes_to", "arrived_at"])
    order = refund.order
    order.refunding -= part.amount
    order.refunded += part.amount
    order.save(update_fields=["refunding", "refunded", "updated_at"])


def _conclude(refund: OrderRefund, until_then: OrderRefundState) -> None:
    """SUCCEEDED when every part has arrived; else as things stand."""
    if refund.parts.filter(arrived_at=None).exists():
        _move(refund, until_then)
        return
    refund.ended_at = clock.now()
    _move(refund, OrderRefundState.SUCCEEDED)
    publish(RefundSucceeded(**refund_facts(refund)))


def _move(refund: OrderRefund, state: OrderRefundState) -> None:
    if refund.state != state:
        require_move(ORDER_REFUND_MOVES, refund.state, state)
    refund.state = state
    refund.save()
