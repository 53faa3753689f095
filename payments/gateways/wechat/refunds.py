"""Refund, query."""

from typing import Any
from urllib.parse import quote

from django.conf import settings

from payments.gateways.wechat.client import ask
from payments.gateways.wechat.errors import (
    RefundMissing,
    UnreadableNotice,
    WeChatRefused,
    WeChatUnknown,
    WeChatUnreachable,
)
from payments.gateways.wechat.keys import platform_key, preferred_serial
from payments.gateways.wechat.messages import RefundNotice, refund_notice
from payments.gateways.wechat.signing import encrypt_field
from payments.gateways.wechat.texts import shorten
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

_REFUNDS = "/v3/refund/domestic/refunds"
NOTIFY_PATH = "/api/v1/callbacks/wechat/refunds"


def create_refund(
    *, refund_number: str, transaction_id: str, amount: Fen, total: Fen, reason: str
) -> RefundNotice:
    """
    Ask for a refund; the answer says that it was accepted, usually PROCESSING (WeChat Pay v3 doc 4012791862).

    The same number with the same amounts gives the same refund, a new number refunds twice: so after any
    doubt repeat or query with this one.

    :raises WeChatRefused: for example NOT_ENOUGH, our merchant account is empty
    :raises WeChatError: as `client.ask`
    """
    payload = {
        "transaction_id": transaction_id,
        "out_refund_no": refund_number,
        "reason": shorten(reason, most_bytes=80),
        "notify_url": settings.PUBLIC_URL + NOTIFY_PATH,
        "amount": {"refund": amount, "total": total, "currency": "CNY"},
    }
    return _read(ask("POST", _REFUNDS, payload), refund_number)


def query_refund(refund_number: str) -> RefundNotice:
    """
    What became of a refund (doc 4012791863).

    :raises RefundMissing: WeChat never accepted it
    :raises WeChatError: as `client.ask`
    """
    try:
        answer = ask("GET", f"{_REFUNDS}/{quote(refund_number, safe='')}")
    except WeChatRefused as refusal:
        if refusal.code == "RESOURCE_NOT_EXISTS":
            raise RefundMissing(refund_number) from refusal
        raise
    return _read(answer, refund_number)


def send_abnormal_to_card(
    *, refund_id: str, refund_number: str, bank_type: str, account: str, name: str
) -> RefundNotice:
    """
    A refund that cannot reach its payer goes to another bank card of theirs (doc 4012791862, 异常退款).

    `bank_type` is WeChat's name of the bank, ICBC_DEBIT say. The number and the holder's name are encrypted
    for WeChat, and kept nowhere here.

    :raises WeChatRefused: it is not abnormal, or the card does not take it
    :raises WeChatError: as `client.ask`
    """
    now = clock.now()
    serial = preferred_serial(now=now)
    key = platform_key(serial, now=now) if serial else None
    if key is None:
        raise WeChatUnreachable("we hold no key of WeChat's that is in force")
    payload = {
        "out_refund_no": refund_number,
        "type": "USER_BANK_CARD",
        "bank_type": bank_type,
        "bank_account": encrypt_field(account, key=key),
        "real_name": encrypt_field(name, key=key),
    }
    path = f"{_REFUNDS}/{quote(refund_id, safe='')}/apply-abnormal-refund"
    return _read(ask("POST", path, payload), refund_number)


def _read(answer: dict[str, Any], refund_number: str) -> RefundNotice:
    try:
        found = refund_notice(answer)
    except UnreadableNotice as error:
        raise WeChatUnknown(f"unreadable answer: {error}") from error
    if found.refund_number != refund_number:
        raise WeChatUnknown("an answer about another refund")  # signatures do not cover the question
    return found
