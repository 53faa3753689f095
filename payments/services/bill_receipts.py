"""Store a callback of the biller platform, then act on it once."""

import hashlib
from collections.abc import Mapping

from django.db import transaction

from payments.errors import InvalidCallback
from payments.gateways.billers.adapter import platform
from payments.gateways.billers.errors import InvalidSignature, UnreadableNotice
from payments.gateways.billers.messages import read_callback, read_payment
from payments.models import CallbackReceipt
from payments.services.bill_results import apply_bill
from payments.services.inbox import act_once, count_rejection, keep_receipt
from wallet_project.kit import clock
from wallet_project.kit.jobs import after_commit

_KEPT_HEADERS = ("biller-key", "biller-timestamp", "biller-nonce")


def receive_bill_callback(*, headers: Mapping[str, str], path: str, body: bytes) -> None:
    """
    Keep a callback that is proven to be the platform's, readable or not; a worker acts on it afterwards.

    When this returns the callback is durable. A repeat is counted, and acted upon only if nobody has yet.

    :raises InvalidCallback: not proven; nothing of it is kept but a count
    """
    try:
        callback = platform().open_callback(headers=headers, path=path, body=body, now=clock.now())
        notice_id, event_type = callback.id, callback.type
    except InvalidSignature as error:
        count_rejection(f"billers: {error}")
        raise InvalidCallback from error
    except UnreadableNotice:
        notice_id, event_type = hashlib.sha256(body).hexdigest(), ""
    with transaction.atomic(durable=True):
        receipt_id, state = keep_receipt(
            source=CallbackReceipt.Source.BILLERS,
            notice_id=notice_id,
            event_type=event_type,
            headers={name.lower(): text for name, text in headers.items() if name.lower() in _KEPT_HEADERS},
            body=body.decode(errors="replace").replace("\0", ""),
        )
        if state == CallbackReceipt.State.RECEIVED:
            after_commit("payments.process_bill_receipt", receipt_id=receipt_id)


def act_on_bill_receipt(*, receipt_id: int) -> None:
    """Once, see act_once. What cannot be read or does not fit becomes a case."""
    act_once(receipt_id, _act, unreadable=(UnreadableNotice,))


def _act(receipt: CallbackReceipt) -> str:
    notice = read_payment(read_callback(receipt.body.encode()).payment)
    apply_bill(notice=notice, via="callback", receipt=receipt)
    return notice.number
