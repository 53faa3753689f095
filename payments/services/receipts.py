"""Store a callback, then act on it once."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction

from payments.errors import CallbackNotOpened, InvalidCallback
from payments.events import ComplaintNoticed
from payments.gateways.wechat.errors import CannotDecrypt, InvalidSignature, UnreadableNotice
from payments.gateways.wechat.notices import (
    complaint_id_of,
    notice_id_of,
    open_notice,
    read_notice,
    refund_notice,
    transaction_notice,
    transfer_notice,
)
from payments.models import CallbackReceipt
from payments.services.inbox import act_once, count_rejection, keep_receipt, keep_unopened
from payments.services.refunds import apply_refund
from payments.services.settlement import settle_payment
from payments.services.transfer_results import apply_transfer
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import after_commit

_KEPT_HEADERS = ("wechatpay-serial", "wechatpay-timestamp", "wechatpay-nonce", "wechatpay-signature-type")


def receive_callback(*, headers: Mapping[str, str], body: bytes) -> int:
    """
    Keep a callback that is proven to be WeChat's; a worker acts on it after the commit. Its receipt's id.

    When this returns the callback is durable and WeChat may be told so. A repeat is counted; it is acted upon
    again only if nobody has acted on it yet.

    :raises InvalidCallback: not proven; nothing of it is kept but a count
    :raises CallbackNotOpened: proven, but our APIv3 key does not open it; kept for the engineer on call
    """
    try:
        notice = open_notice(headers=headers, body=body, now=clock.now())
    except InvalidSignature as error:
        count_rejection(str(error))
        raise InvalidCallback from error
    except CannotDecrypt as error:
        keep_unopened(
            source=CallbackReceipt.Source.WECHAT,
            notice_id=notice_id_of(body),
            headers=_kept(headers),
            body=body,
            error=error,
        )
        raise CallbackNotOpened from error
    with transaction.atomic(durable=True):
        receipt_id, state = keep_receipt(
            source=CallbackReceipt.Source.WECHAT,
            notice_id=notice.id,
            event_type=notice.event_type,
            headers=_kept(headers),
            body=body.decode(),
        )
        if state == CallbackReceipt.State.RECEIVED:
            after_commit("payments.process_receipt", receipt_id=receipt_id)
    return receipt_id


def act_on_receipt(*, receipt_id: int) -> None:
    """Once, see act_once. What does not fit becomes a case; so does what no key of ours opens any more."""
    act_once(receipt_id, _act, unreadable=(UnreadableNotice, CannotDecrypt))


def read_in_clear(*, receipt_id: int, reason: str) -> dict[str, str]:
    """
    What WeChat says in a stored callback, name by name: for somebody who may look, and says why. The look is
    in the trail before they see it.

    :raises CallbackNotOpened: our APIv3 key does not open it any more
    """
    receipt = CallbackReceipt.objects.get(pk=receipt_id)
    try:
        notice = read_notice(body=receipt.body.encode())
    except CannotDecrypt as error:
        raise CallbackNotOpened from error
    record_audit(
        action="payments.receipt.opened",
        subject=f"receipt:{receipt.pk}",
        facts={"notice": receipt.notice_id, "reason": reason},
    )
    return dict(_flat(notice.resource))


def _flat(said: Mapping[str, Any], *, within: str = "") -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        if isinstance(value, Mapping):
            yield from _flat(value, within=f"{within}{name}.")
        else:
            yield f"{within}{name}", str(value)


def _act(receipt: CallbackReceipt) -> str:
    notice = read_notice(body=receipt.body.encode())
    if notice.event_type.startswith("TRANSACTION."):
        transaction_said = transaction_notice(notice.resource)
        settle_payment(notice=transaction_said, via="callback", receipt=receipt)
        return transaction_said.number
    if notice.event_type.startswith("REFUND."):
        refund_said = refund_notice(notice.resource)
        apply_refund(notice=refund_said, receipt=receipt)
        return refund_said.refund_number
    if notice.event_type == "MCHTRANSFER.BILL.FINISHED":
        transfer_said = transfer_notice(notice.resource)
        apply_transfer(notice=transfer_said, via="callback", receipt=receipt)
        return transfer_said.number
    if notice.event_type.startswith("COMPLAINT."):
        complaint_id = complaint_id_of(notice.resource)
        publish(ComplaintNoticed(complaint_id=complaint_id))
        return complaint_id
    if notice.event_type == "SECURITY_ECHO.SUCCESS":  # our own crypto self-test came back
        return ""
    raise UnreadableNotice(f"unknown event type {notice.event_type}")


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items() if name.lower() in _KEPT_HEADERS}
