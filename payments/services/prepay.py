"""Ask WeChat to take the customer's part of a payment; the one network step of checkout and of top-ups."""

import logging
import math
from datetime import timedelta

from django.db import transaction

from payments.errors import ChannelRefused, ChannelUnavailable, OrderAlreadyPaid, PaymentEnded
from payments.gateways.wechat.errors import AlreadyPaid, WeChatError, WeChatRefused, WeChatResting
from payments.gateways.wechat.transactions import pay_parameters, prepay
from payments.models import Payment
from payments.rules.backoff import next_payment_query
from payments.rules.order_states import PaymentState
from payments.services.closing import close_payment
from payments.services.locks import lock_payment
from payments.services.release import release_payment
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

logger = logging.getLogger(__name__)


def ask_wechat(payment: Payment) -> Payment:
    """
    Get a prepay id for a reserved payment, and keep it. Harmless to repeat: the number stays the same.

    :raises ChannelRefused: WeChat will not take it; everything reserved is given back
    :raises ChannelUnavailable: no clear answer; the reservation stays and the payment is asked about later
    :raises OrderAlreadyPaid: WeChat has been paid under this number
    """
    if payment.state != PaymentState.REQUESTED:
        return payment
    try:
        prepay_id = prepay(
            number=payment.number,
            amount=Fen(payment.from_channel),
            openid=payment.openid,
            description=payment.description,
            expires_at=payment.expires_at,
            client_ip=payment.client_ip,
        )
    except AlreadyPaid:
        _note_doubt(payment, "already paid")
        raise OrderAlreadyPaid from None
    except WeChatRefused as error:
        ended = _give_up(payment, error)
        if ended.state == PaymentState.PAID:
            return ended
        raise ChannelRefused(reason=error.code) from error
    except WeChatResting as rest:
        # Nothing was sent, so there is nothing to doubt: the same request goes on where this one stopped.
        raise ChannelUnavailable(retry_after=math.ceil(rest.seconds)) from rest
    except WeChatError as error:
        _note_doubt(payment, str(error))
        raise ChannelUnavailable from error
    return _keep_prepay(payment, prepay_id)


def parameters_for(payment: Payment) -> dict[str, str] | None:
    """
    What wx.requestPayment needs, freshly signed; None when it is paid already.

    :raises PaymentEnded: a closing, a refusal or a dispute was faster
    """
    match payment.state:
        case PaymentState.WAITING:
            return pay_parameters(payment.prepay_id)
        case PaymentState.PAID:
            return None
    raise PaymentEnded(state=payment.state)


def _keep_prepay(payment: Payment, prepay_id: str) -> Payment:
    with transaction.atomic(durable=True):
        locked = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
        if locked.state == PaymentState.REQUESTED:  # else WeChat's callback, or a closing, was faster
            locked.prepay_id = prepay_id
            locked.state = PaymentState.WAITING
            locked.next_query_at = min(clock.now() + timedelta(seconds=60), locked.expires_at)
            locked.save(update_fields=["prepay_id", "state", "next_query_at", "updated_at"])
    return locked


def _note_doubt(payment: Payment, reason: str) -> None:
    with transaction.atomic(durable=True):
        locked = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
        if locked.state == PaymentState.REQUESTED:
            locked.last_error = reason[:200]
            locked.next_query_at = next_payment_query(at=clock.now(), asked=0)
            locked.save(update_fields=["last_error", "next_query_at", "updated_at"])
    logger.warning("payments.prepay.unsure", extra={"number": payment.number, "reason": reason})


def _give_up(payment: Payment, error: WeChatRefused) -> Payment:
    """The payment as it ended: FAILED, or what became at WeChat of an earlier, unanswered try."""
    if payment.last_error:
        return close_payment(number=payment.number, reason="微信支付未接受")
    with transaction.atomic(durable=True):
        locked = lock_payment(payment)
        if locked.state == PaymentState.REQUESTED:
            locked.last_error = str(error)[:200]
            release_payment(locked, state=PaymentState.FAILED, reason="微信支付未接受")
    return locked
