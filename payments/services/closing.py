"""Close a payment at WeChat before it is closed here: nobody can pay what we have given up."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from payments.errors import ChannelUnavailable
from payments.gateways.wechat.errors import AlreadyPaid, OrderMissing, WeChatError
from payments.gateways.wechat.messages import PAID_STATES, TradeState
from payments.gateways.wechat.transactions import close_payment as close_at_wechat
from payments.gateways.wechat.transactions import query_payment
from payments.models import Order, Payment
from payments.rules.backoff import next_payment_query
from payments.rules.order_states import LIVE, PaymentState
from payments.selectors.payments import expired_payments, payments_to_query
from payments.services.locks import lock_payment
from payments.services.release import release_payment
from payments.services.settlement import settle_payment
from wallet_project.kit import clock

logger = logging.getLogger(__name__)


def close_payment(*, number: str, reason: str) -> Payment:
    """
    End a live payment: ask WeChat whether it was paid, close it there, then here.

    When it turns out to be paid it is settled instead: look at the state that comes back.

    :raises ChannelUnavailable: WeChat gave no clear answer; nothing changed
    """
    payment = Payment.objects.get(number=number)
    if payment.state not in LIVE:
        return payment
    try:
        state = _act_on_query(payment)
        if state not in {*PAID_STATES, TradeState.CLOSED}:  # WeChat closes by itself what is past its time
            state = _close_there(payment)
    except WeChatError as error:
        logger.warning("payments.close.unsure", extra={"number": number, "reason": str(error)})
        raise ChannelUnavailable from error
    if state in PAID_STATES:
        return Payment.objects.get(pk=payment.pk)
    return _close_here(payment, reason=reason)


def query_unsure_payment(*, number: str) -> None:
    """Ask WeChat about one payment that is not final, and act on the answer."""
    payment = Payment.objects.get(number=number)
    if payment.state not in LIVE:
        return
    try:
        _act_on_query(payment)
    except WeChatError as error:
        logger.info("payments.query.unsure", extra={"number": number, "reason": str(error)})


def hasten_query(order: Order) -> None:
    """The customer is back from WeChat and waits: ask at the next sweep instead of when it would be time."""
    now = clock.now()
    Payment.objects.filter(order=order, state=PaymentState.WAITING, next_query_at__gt=now).update(
        next_query_at=now
    )


def due_for_query(*, at: datetime, limit: int) -> list[str]:
    """Numbers to ask about now; each is put off by its back-off first, so a lost task is only a late one."""
    return _put_off(payments_to_query(at), at=at, limit=limit)


def due_for_closing(*, at: datetime, limit: int) -> list[str]:
    """Numbers of expired payments, put off likewise: one that cannot be closed keeps no other waiting."""
    return _put_off(expired_payments(at), at=at, limit=limit)


def _put_off(payments: QuerySet[Payment], *, at: datetime, limit: int) -> list[str]:
    with transaction.atomic(durable=True):
        due = list(payments.select_for_update(skip_locked=True, no_key=True)[:limit])
        for payment in due:
            payment.queries += 1
            turn = next_payment_query(at=at, asked=payment.queries)
            payment.next_query_at = min(turn, payment.expires_at) if at < payment.expires_at else turn
        Payment.objects.bulk_update(due, ["queries", "next_query_at"])
    return [payment.number for payment in due]


def _act_on_query(payment: Payment) -> TradeState | None:
    """
    What WeChat says of it, acted upon when it is paid; None: it never had such an order.

    :raises WeChatError: no clear answer
    """
    try:
        notice = query_payment(payment.number)
    except OrderMissing:
        return None
    if notice.state in PAID_STATES:
        with transaction.atomic(durable=True):
            settle_payment(notice=notice, via="query")
    return notice.state


def _close_there(payment: Payment) -> TradeState:
    """
    Closed, or paid between our question and our closing.

    :raises WeChatError: no clear answer
    """
    try:
        close_at_wechat(payment.number)
    except OrderMissing:
        pass  # nothing to close
    except AlreadyPaid:
        state = _act_on_query(payment)
        if state not in PAID_STATES:
            raise  # WeChat contradicts itself: its next answer decides
        return state
    return TradeState.CLOSED


def _close_here(payment: Payment, *, reason: str) -> Payment:
    with transaction.atomic(durable=True):
        locked = lock_payment(payment)
        if locked.state in LIVE:
            release_payment(locked, state=PaymentState.CLOSED, reason=reason)
    return locked
