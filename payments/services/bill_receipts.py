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
from payments.services.inbox import count_rejection, keep_receipt, keep_unreadable
from wallet_project.kit import clock
from wallet_project.kit.jobs import after_commit
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

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
    """
    Do what a stored callback says, and note it on the receipt in the same transaction. While callbacks
    are paused it stays as it came.

    What cannot be read or does not fit becomes a case; only our own failures raise, and are tried again.
    """
    with transaction.atomic(durable=True):
        # Not the receipt first: the payment comes first in the written order, and acting twice is harmless.
        receipt = CallbackReceipt.objects.get(pk=receipt_id)
        if receipt.state != CallbackReceipt.State.RECEIVED or is_paused(Flow.CALLBACKS):
            return
        receipt.state = CallbackReceipt.State.DONE  # unless a case is opened for it
        try:
            notice = read_payment(read_callback(receipt.body.encode()).payment)
        except UnreadableNotice as error:
            keep_unreadable(receipt, error)
        else:
            receipt.subject = notice.number
            apply_bill(notice=notice, via="callback", receipt=receipt)
        receipt.handled_at = clock.now()
        receipt.save(update_fields=["state", "subject", "note", "handled_at", "updated_at"])
