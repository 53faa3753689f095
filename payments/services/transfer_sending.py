"""Ask WeChat for a merchant transfer, how one is doing, or to call it off; always under the same number."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.selectors.kyc import verified_name_of
from payments.gateways.wechat.errors import (
    TransferMissing,
    WeChatError,
    WeChatRefused,
    WeChatResting,
    WeChatUnknown,
)
from payments.gateways.wechat.messages import TransferNotice
from payments.gateways.wechat.transfers import Scene, cancel_transfer, create_transfer, query_transfer
from payments.models import MerchantTransfer
from payments.rules.transfers import (
    QUERYABLE_FOR,
    STOPPABLE,
    TRIED_FOR,
    TransferState,
    is_overdue,
    is_proven_absent,
    next_transfer_query,
)
from payments.selectors.transfers import transfers_to_ask_about, transfers_to_remind_of
from payments.services.transfer_results import (
    apply_transfer,
    refuse_transfer,
    remind_customer,
)
from payments.services.transfers import lock_transfer, mark_stopped
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

logger = logging.getLogger(__name__)


def push_transfer(*, number: str) -> None:
    """
    Take one transfer a step further and act on the answer. Harmless to repeat.

    Without a clear answer it stays as it is, and its money in clearing. What WeChat has not taken yet waits
    while withdrawals stand still. One that WeChat does not know is given up only when no request of ours can
    be accepted any more.
    """
    for step in (_take_a_step, _fetch_package):
        transfer = MerchantTransfer.objects.get(number=number)
        if not transfer.is_undecided:
            return
        try:
            notice = step(transfer)
        except TransferMissing as missing:
            _miss(transfer, missing)
            return
        except WeChatRefused as refusal:
            _note_refusal(transfer, refusal)
            return
        except WeChatError as error:
            _note_doubt(transfer, error)
            return
        if notice is not None:
            with transaction.atomic(durable=True):
                apply_transfer(notice=notice, via="answer" if transfer.asked_at is None else "query")


def due_transfers(*, at: datetime, limit: int) -> list[str]:
    """Numbers to push now; each is put off by its back-off first, so a lost task is only a late one."""
    with transaction.atomic(durable=True):
        due = list(transfers_to_ask_about(at).select_for_update(skip_locked=True, no_key=True)[:limit])
        for transfer in due:
            transfer.queries += 1
            transfer.next_query_at = next_transfer_query(
                state=transfer.state, at=at, asked=transfer.queries, begun_at=transfer.created_at
            )
            if at - transfer.created_at > QUERYABLE_FOR:
                transfer.next_query_at = (
                    None  # WeChat answers no more; two people decide (transfer_decisions)
                )
        MerchantTransfer.objects.bulk_update(due, ["queries", "next_query_at"])
    return [transfer.number for transfer in due]


def remind_of_waiting(*, at: datetime, limit: int) -> None:
    """Customers whose money waits for them hear of it once more before its day is over."""
    with transaction.atomic(durable=True):
        for transfer in transfers_to_remind_of(at).select_for_update(skip_locked=True, no_key=True)[:limit]:
            remind_customer(transfer, at=at)


def _take_a_step(transfer: MerchantTransfer) -> TransferNotice | None:
    """
    The question whose turn it is. None: it is not the time to ask.

    :raises WeChatError: no clear answer, or a refusal of this very request
    """
    now = clock.now()
    if transfer.state == TransferState.REQUESTED:
        return _ask_for_it(transfer)
    overdue = is_overdue(begun_at=transfer.created_at, at=now)
    if transfer.state in STOPPABLE and (transfer.stopped_at or overdue):
        return _call_off(transfer)
    return query_transfer(transfer.number)


def _fetch_package(transfer: MerchantTransfer) -> TransferNotice | None:
    """Only the answer to creating it has the package; where that was lost, the same request tells it."""
    waits = transfer.state == TransferState.WAIT_USER_CONFIRM and transfer.stopped_at is None
    return _create(transfer) if waits and transfer.package_sealed is None else None


def _ask_for_it(transfer: MerchantTransfer) -> TransferNotice | None:
    if transfer.asked_at is not None:
        try:
            return query_transfer(transfer.number)
        except TransferMissing:
            if transfer.stopped_at is not None:
                raise
    if transfer.stopped_at is not None:
        raise TransferMissing(transfer.number)
    return None if is_paused(Flow.WITHDRAW) else _create(transfer)


def _create(transfer: MerchantTransfer) -> TransferNotice | None:
    """None: meanwhile somebody wished that it should not happen, or it has come to its end."""
    now = clock.now()
    # From here on nobody can be sure that WeChat has not acted, so it is written down before.
    asked = MerchantTransfer.objects.filter(
        Q(state=TransferState.REQUESTED) | Q(state=TransferState.WAIT_USER_CONFIRM),
        pk=transfer.pk,
        stopped_at=None,
    ).update(asked_at=now, updated_at=now)
    if not asked:
        return None
    name = verified_name_of(transfer.user_id) if transfer.named else ""
    if name is None:
        raise WeChatUnknown("their name is not verified any more")
    try:
        return create_transfer(
            number=transfer.number,
            appid=transfer.appid,
            openid=transfer.openid,
            amount=Fen(transfer.amount),
            scene=Scene(**transfer.scene),
            name=name,
        )
    except WeChatResting:
        # Nothing was sent after all: called off now it ends at once, not when a request would be too old.
        MerchantTransfer.objects.filter(pk=transfer.pk, asked_at=now).update(asked_at=transfer.asked_at)
        raise


def _call_off(transfer: MerchantTransfer) -> TransferNotice:
    try:
        return cancel_transfer(transfer.number)
    except WeChatRefused:
        return query_transfer(transfer.number)  # confirmed meanwhile, or over


def _miss(transfer: MerchantTransfer, missing: TransferMissing) -> None:
    """WeChat knows none. That ends one that shall not happen, once no request can be under way any more."""
    with transaction.atomic(durable=True):
        locked = lock_transfer(transfer.number)
        absent = is_proven_absent(asked_at=locked.asked_at, at=clock.now())
        if locked.state == TransferState.REQUESTED and locked.stopped_at is not None and absent:
            refuse_transfer(locked)
            return
    _note_doubt(transfer, missing)


def _note_refusal(transfer: MerchantTransfer, refusal: WeChatRefused) -> None:
    """
    Only this request did nothing: an earlier one may have. Where WeChat will not take it however often it is
    asked, it is asked for no more; where something is wrong with us, only after a day.
    """
    facts = {"number": transfer.number, "reason": str(refusal)}
    logger.error("payments.transfer.refused", extra=facts)
    _note_doubt(transfer, refusal)
    tried = clock.now() - transfer.created_at
    if transfer.state == TransferState.REQUESTED and (not refusal.is_ours or tried > TRIED_FOR):
        with transaction.atomic(durable=True):
            locked = lock_transfer(transfer.number)
            if locked.state == TransferState.REQUESTED:
                mark_stopped(locked, because=f"微信未受理：{refusal.code}")


def _note_doubt(transfer: MerchantTransfer, error: WeChatError) -> None:
    logger.info("payments.transfer.unsure", extra={"number": transfer.number, "reason": str(error)})
    MerchantTransfer.objects.filter(pk=transfer.pk).update(last_error=(str(error) or "没有这笔转账")[:200])
