"""Keep a message that WeChat pushes, then act on it once."""

import hashlib

from django.conf import settings
from django.db import transaction

from accounts.selectors.users import user_by_openid
from payments.errors import CallbackNotOpened, InvalidCallback
from payments.events import SubscribeMessageEnded, SubscriptionAnswered
from payments.gateways.wechat.errors import CannotDecrypt, InvalidSignature, UnreadableNotice
from payments.gateways.wechat.pushes import Push, moment, open_push, prove_address, read_push
from payments.gateways.wechat.subscriptions import EVENTS, POPUP, SENT, Line, read_subscriptions
from payments.models import CallbackReceipt, Payment, Shipment
from payments.rules.cases import CaseKind
from payments.services.cases import open_case
from payments.services.inbox import act_once, count_rejection, keep_receipt, keep_unopened
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.events import Event, publish
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import ZERO

SETTLEMENT = "trade_manage_order_settlement"
# Somebody must do something in WeChat's console: ship, connect the API, answer for the whole app.
WARNINGS = {"trade_manage_remind_shipping", "trade_manage_remind_access_api", "wxa_trade_controlled"}


def confirm_address(*, signature: str, timestamp: str, nonce: str) -> None:
    """
    WeChat looks whether this address is ours.

    :raises InvalidCallback: it is not WeChat who asks; counted
    """
    try:
        prove_address(signature=signature, timestamp=timestamp, nonce=nonce)
    except InvalidSignature as error:
        count_rejection(str(error))
        raise InvalidCallback from error


def receive_push(*, signature: str, timestamp: str, nonce: str, body: bytes) -> None:
    """
    Keep a message that is proven to be WeChat's; a worker acts on it after the commit. A repeat is counted.

    :raises InvalidCallback: not proven; nothing of it is kept but a count
    :raises CallbackNotOpened: proven, but our key does not open it; kept for the engineer on call
    """
    try:
        push = open_push(signature=signature, timestamp=timestamp, nonce=nonce, body=body, now=clock.now())
    except InvalidSignature as error:
        count_rejection(str(error))
        raise InvalidCallback from error
    except CannotDecrypt as error:
        keep_unopened(
            source=CallbackReceipt.Source.PUSH,
            notice_id=hashlib.sha256(body).hexdigest(),
            headers={},
            body=body,
            error=error,
        )
        raise CallbackNotOpened from error
    with transaction.atomic(durable=True):
        receipt_id, state = keep_receipt(
            source=CallbackReceipt.Source.PUSH,
            notice_id=push.id,
            event_type=push.event,
            headers={},
            body=body.decode(),
        )
        if state == CallbackReceipt.State.RECEIVED:
            after_commit("payments.process_push", receipt_id=receipt_id)


def act_on_push(*, receipt_id: int) -> None:
    """
    Once, see act_once. What is about trade and cannot be read or does not fit becomes a case. What customers
    write is kept.
    """
    act_once(receipt_id, _act, unreadable=(UnreadableNotice, CannotDecrypt))


def _act(receipt: CallbackReceipt) -> str:
    push = read_push(body=receipt.body.encode())
    if push.event == SETTLEMENT:
        return _note_settlement(push, receipt)
    if push.event in WARNINGS:
        return _warn(push, receipt)
    if push.event in EVENTS:
        return _tell_of_subscriptions(push, receipt)
    if push.event.startswith(("trade_manage", "wxa_trade")):
        raise UnreadableNotice(f"unknown event {push.event}")
    return ""


def _note_settlement(push: Push, receipt: CallbackReceipt) -> str:
    """The payer has the goods, or WeChat says when it pays the merchant for them; each told by itself."""
    payment = _payment_of(push)
    if payment is None:
        _open_case(CaseKind.UNKNOWN_ORDER, push, receipt)
        return ""
    told = {
        "received_at": moment(push.fields, "confirm_receive_time"),
        "settles_at": moment(push.fields, "estimated_settlement_time"),
        "settled_at": moment(push.fields, "settlement_time"),
    }
    known = {name: at for name, at in told.items() if at is not None}
    if known:  # of a top-up nothing was shipped here
        Shipment.objects.filter(payment=payment).update(**known)
    return payment.number


def _tell_of_subscriptions(push: Push, receipt: CallbackReceipt) -> str:
    """Whoever sends subscribe messages hears it; of somebody who has left there is nothing to hear."""
    told = read_subscriptions(push)
    try:
        user_id = user_by_openid(told.openid).pk
    except NotFound:
        receipt.note = "没有这位顾客"
        return ""
    for line in told.lines:
        publish(_event_of(push, line, user_id=user_id, reference=f"push:{receipt.pk}", at=clock.iso(told.at)))
    return ""


def _event_of(push: Push, line: Line, *, user_id: int, reference: str, at: str) -> Event:
    if push.event == SENT:
        return SubscribeMessageEnded(user_id=user_id, message_id=line.message_id, error=line.error, at=at)
    return SubscriptionAnswered(
        user_id=user_id,
        template_id=line.template_id,
        is_accepted=line.is_accepted,
        in_popup=push.event == POPUP,
        reference=reference,
        at=at,
    )


def _warn(push: Push, receipt: CallbackReceipt) -> str:
    payment = _payment_of(push)
    _open_case(CaseKind.WECHAT_WARNING, push, receipt, number=payment.number if payment else "")
    return payment.number if payment else ""


def _payment_of(push: Push) -> Payment | None:
    ours = push.fields.get("merchant_id") == settings.WECHAT["mchid"]
    transaction_id = push.fields.get("transaction_id")
    if not ours or not isinstance(transaction_id, str) or not transaction_id:
        return None
    return Payment.objects.filter(transaction_id=transaction_id).first()


def _open_case(kind: CaseKind, push: Push, receipt: CallbackReceipt, *, number: str = "") -> None:
    open_case(
        kind=kind,
        number=number,
        transaction_id=str(push.fields.get("transaction_id") or "")[:64],
        amount=ZERO,
        receipt=receipt,
        evidence={
            name: str(push.fields[name])[:500]
            for name in ("Event", "msg", "merchant_id", "merchant_trade_no", "transaction_id")
            if name in push.fields
        },
    )
