"""What became of a merchant transfer, whoever brought the news: book it once, or give the money back."""

from datetime import datetime
from typing import Any

from payments.events import TransferEnded, TransferWaits
from payments.gateways.wechat.messages import TransferNotice
from payments.models import CallbackReceipt, MerchantTransfer
from payments.rules.cases import CaseKind
from payments.rules.transfers import CONFIRMABLE_FOR, TRANSFER_MOVES, TransferState, next_transfer_query
from payments.services.case_work import resolve_cases_of
from payments.services.cases import open_case
from wallet.services.payouts import return_payout, settle_payout
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import ZERO, Fen


def apply_transfer(*, notice: TransferNotice, via: str, receipt: CallbackReceipt | None = None) -> None:
    """
    Act on what WeChat says of a transfer. Told twice, or late, it does nothing the second time.

    Requires a transaction. One that we never asked for, that says something else, or that contradicts what
    WeChat said before becomes a case: no money moves for it.
    """
    require_transaction()
    transfer = MerchantTransfer.objects.select_for_update(no_key=True).filter(number=notice.number).first()
    if transfer is None or not _is_about(notice, transfer) or _contradicts(notice, transfer):
        kind = CaseKind.UNKNOWN_TRANSFER if transfer is None else CaseKind.TRANSFER_MISMATCH
        _open_case(kind, notice, receipt)
        return
    if not transfer.is_undecided:
        return
    state = TransferState(notice.state)
    transfer.bill_no = notice.bill_no
    if state in TRANSFER_MOVES[transfer.state]:
        transfer.state, transfer.last_error = state, ""
        if transfer.is_undecided:
            _go_on(transfer)
        else:
            _end(transfer, reason=notice.fail_reason, via=via)
    if notice.package_info and transfer.state == TransferState.WAIT_USER_CONFIRM:
        if transfer.package_sealed is None:
            _tell_it_waits(transfer, at=clock.now())
        transfer.package = notice.package_info
    transfer.save()


def refuse_transfer(transfer: MerchantTransfer) -> None:
    """A locked transfer never came to be at WeChat, and cannot any more: the money is free again."""
    require_transaction()
    transfer.state = TransferState.REFUSED
    _end(transfer, reason="", via="query")
    transfer.save()


def decide_transfer(transfer: MerchantTransfer, *, state: TransferState) -> None:
    """Two people have read in WeChat's bills how a locked, undecided transfer ended: SUCCESS or FAIL."""
    require_transaction()
    transfer.state = state
    _end(transfer, reason="", via="people")
    transfer.save()


def remind_customer(transfer: MerchantTransfer, *, at: datetime) -> None:
    """A locked transfer waits for its customer: they are told."""
    _tell_it_waits(transfer, at=at)
    transfer.save(update_fields=["reminded_at", "updated_at"])


def _tell_it_waits(transfer: MerchantTransfer, *, at: datetime) -> None:
    transfer.reminded_at = at
    publish(TransferWaits(**_told(transfer), until=(transfer.created_at + CONFIRMABLE_FOR).isoformat()))


def _go_on(transfer: MerchantTransfer) -> None:
    transfer.queries = 0
    transfer.next_query_at = next_transfer_query(
        state=transfer.state, at=clock.now(), asked=0, begun_at=transfer.created_at
    )


def _end(transfer: MerchantTransfer, *, reason: str, via: str) -> None:
    transfer.reason, transfer.learned_via = reason, via
    transfer.finished_at, transfer.next_query_at, transfer.package_sealed = clock.now(), None, None
    resolve_cases_of(
        CaseKind.TRANSFER_UNDECIDED,
        transaction_id=transfer.number,
        resolution=f"已有结果：{transfer.get_state_display()}",
    )
    if transfer.state == TransferState.SUCCESS:
        key = f"wx:transfer:{transfer.number}"
        settle_payout(amount=Fen(transfer.amount), number=transfer.number, key=key)
    else:
        return_payout(number=transfer.number)
    record_audit(
        action="payments.transfer.ended",
        subject=f"transfer:{transfer.number}",
        facts={"state": str(transfer.state), "amount": transfer.amount, "reason": reason, "via": via},
    )
    publish(TransferEnded(**_told(transfer), state=str(transfer.state), reason=reason))
    if transfer.withdrawal is not None:
        after_commit("payments.end_withdrawal", number=transfer.withdrawal.number)


def _is_about(notice: TransferNotice, transfer: MerchantTransfer) -> bool:
    """Only queries and callbacks say whose and how much; nobody's openid is known once its owner has left."""
    pairs = (
        (notice.mchid, transfer.mchid),
        (notice.amount, transfer.amount),
        (notice.openid, transfer.openid or notice.openid),
        (notice.bill_no, transfer.bill_no or notice.bill_no),
    )
    return all(theirs is None or theirs == ours for theirs, ours in pairs)


def _contradicts(notice: TransferNotice, transfer: MerchantTransfer) -> bool:
    """What is over stays as it is; only a state on the way there is old news."""
    ends = notice.state not in TRANSFER_MOVES
    return not transfer.is_undecided and ends and notice.state != transfer.state


def _told(transfer: MerchantTransfer) -> dict[str, Any]:
    """What every event says of it."""
    return {"number": transfer.number, "user_id": transfer.user_id, "amount": transfer.amount}


def _open_case(kind: CaseKind, notice: TransferNotice, receipt: CallbackReceipt | None) -> None:
    open_case(
        kind=kind,
        number=notice.number,
        transaction_id=notice.bill_no,
        amount=ZERO,
        receipt=receipt,
        evidence={
            "transfer": notice.number,
            "bill_no": notice.bill_no,
            "amount": notice.amount,
            "state": str(notice.state),
            "reason": notice.fail_reason,
        },
    )
