"""Keep what others send us, once, however often they send it; count what is not proven to be theirs."""

import json
import logging
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from payments.models import CallbackReceipt
from payments.rules.cases import CaseKind
from payments.services.cases import open_case
from wallet_project.kit import clock
from wallet_project.kit.money import ZERO
from wallet_project.kit.rows import get_row, update
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

logger = logging.getLogger(__name__)


def keep_receipt(
    *, source: str, notice_id: str, event_type: str, headers: dict[str, str], body: str
) -> tuple[int, str]:
    """
    The receipt's id and state. A repeat is counted; one that did not open before has opened now.

    One statement, because the same callback may be sent twice at the same moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_callbackreceipt AS kept (source, notice_id, event_type, headers, body,"
            " state, subject, note, repeats, created_at, updated_at)"
            " VALUES (%(source)s, %(id)s, %(event)s, %(headers)s, %(body)s, 'RECEIVED', '', '', 0, %(now)s,"
            " %(now)s)"
            " ON CONFLICT (source, notice_id) DO UPDATE SET repeats = kept.repeats + 1,"
            " updated_at = excluded.updated_at,"
            " event_type = excluded.event_type,"
            " body = CASE kept.state WHEN 'UNOPENED' THEN excluded.body ELSE kept.body END,"
            " state = CASE kept.state WHEN 'UNOPENED' THEN 'RECEIVED' ELSE kept.state END"
            " RETURNING id, state",
            {
                "source": source,
                "id": notice_id,
                "event": event_type,
                "headers": json.dumps(headers),
                "body": body,
                "now": clock.now(),
            },
        )
        kept: tuple[int, str] = cursor.fetchone()
    return kept


def keep_unopened(
    *, source: str, notice_id: str, headers: dict[str, str], body: bytes, error: Exception
) -> None:
    """What is proven to be theirs and does not open waits for the engineer on call, and for the right key."""
    logger.error("payments.callback.not_opened", extra={"source": source, "reason": str(error)})
    CallbackReceipt.objects.get_or_create(
        source=source,
        notice_id=notice_id,
        defaults={
            "event_type": "",
            "headers": headers,
            "body": body.decode(errors="replace").replace("\0", ""),
            "state": CallbackReceipt.State.UNOPENED,
            "note": str(error)[:200],
        },
    )


def keep_unreadable(receipt: CallbackReceipt, error: Exception) -> None:
    """What is proven to be theirs and says nothing that we understand becomes a case; the caller saves it."""
    receipt.note = str(error)[:200]
    open_case(
        kind=CaseKind.UNREADABLE_NOTICE,
        number="",
        transaction_id="",
        amount=ZERO,
        receipt=receipt,
        evidence={"source": receipt.source, "event_type": receipt.event_type, "reason": str(error)},
    )


def act_once(
    receipt_id: int,
    act: Callable[[CallbackReceipt], str],
    *,
    unreadable: tuple[type[Exception], ...],
) -> None:
    """
    Do what a stored callback asks for, and note it on the receipt in the same transaction. While callbacks
    are paused it stays as it came.

    `act` answers with the number that it is about. What it finds `unreadable` becomes a case; only our own
    failures raise, and are tried again.
    """
    with transaction.atomic(durable=True):
        # Not the receipt first: what it is about has its own lock, which comes first; twice does no harm.
        receipt = get_row(CallbackReceipt, pk=receipt_id)
        if receipt.state != CallbackReceipt.State.RECEIVED or is_paused(Flow.CALLBACKS):
            return
        receipt.state = CallbackReceipt.State.DONE  # unless a case is opened for it
        try:
            receipt.subject = act(receipt)
        except unreadable as error:
            keep_unreadable(receipt, error)
        receipt.handled_at = clock.now()
        update(receipt, "state", "subject", "note", "handled_at", "updated_at")


def waiting_receipts(*, received_before: datetime, limit: int) -> list[tuple[int, str]]:
    """Id and source of what nobody has acted upon, the oldest first; nothing while callbacks are paused."""
    if is_paused(Flow.CALLBACKS):
        return []
    waiting = CallbackReceipt.objects.filter(
        state=CallbackReceipt.State.RECEIVED, created_at__lt=received_before
    )
    return list(waiting.order_by("created_at").values_list("pk", "source")[:limit])


def count_rejection(reason: str) -> None:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_rejectedcallback (day, reason, count, last_at) VALUES (%s, %s, 1, %s)"
            " ON CONFLICT (day, reason) DO UPDATE SET count = payments_rejectedcallback.count + 1,"
            " last_at = excluded.last_at",
            [clock.business_day(now), reason[:32], now],
        )
