"""Send money back through WeChat: ask, confirm by callback or query, book it once."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from payments.gateways.wechat.client import TRIES
from payments.gateways.wechat.errors import RefundMissing, WeChatError, WeChatRefused, WeChatResting
from payments.gateways.wechat.messages import RefundNotice
from payments.gateways.wechat.refunds import create_refund, query_refund
from payments.models import CallbackReceipt, ExceptionCase, Payment, Refund
from payments.rules.backoff import next_refund_query
from payments.rules.cases import CaseKind
from payments.rules.refund_states import REFUND_MOVES, REFUSED_FOR_GOOD, UNDECIDED, RefundState
from payments.services.case_work import lock_case, reopen_case, resolve_case, resolve_cases_of
from payments.services.cases import open_case
from payments.services.locks import lock_payment
from payments.services.refund_pace import Turn, end_turn, take_turn
from payments.services.refund_parts import paid_by, wechat_gave_back, wechat_gave_up, wechat_is_stuck
from payments.services.release import end_dispute
from wallet.rules.kinds import JournalKind
from wallet.rules.postings import suspense_refund_legs
from wallet.services.ledger import post_journal
from wallet.services.payouts import return_payout, settle_payout
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import ZERO, Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

logger = logging.getLogger(__name__)


def push_refund(*, number: str) -> None:
    """
    Take one refund a step further: ask WeChat for it, or ask how it is doing. Always under the same number.

    What WeChat does not answer, or refuses for a reason that passes (NOT_ENOUGH), is asked again later. What
    it refuses for good, and does not know, is CLOSED when no other request for it can be under way any more.
    What WeChat has not taken yet waits for its turn, and while refunds stand still; own money that goes out
    while withdrawals do, too.
    """
    refund = Refund.objects.get(number=number)
    if refund.state not in UNDECIDED or (refund.state == RefundState.REQUESTED and _stands_still(refund)):
        return
    turn = None
    try:
        notice = _ask_how_it_is(refund) if refund.state != RefundState.REQUESTED else None
        if notice is None:
            turn = take_turn(refund)
            if turn.later:
                Refund.objects.filter(pk=refund.pk, state__in=UNDECIDED).update(next_query_at=turn.later)
                return
            notice = _ask_for_it(refund)
    except WeChatError as error:
        refused = isinstance(error, WeChatRefused)
        Refund.objects.filter(pk=refund.pk).update(last_error=str(error)[:200])
        log = logger.error if refused else logger.info
        log("payments.refund.unsure", extra={"number": number, "reason": str(error)})
        if turn and isinstance(error, WeChatRefused) and error.code in REFUSED_FOR_GOOD:
            _close_if_unknown(refund, turn)
        return
    with transaction.atomic(durable=True):
        apply_refund(notice=notice)


def due_refunds(*, at: datetime, limit: int) -> list[str]:
    """Numbers of refunds to push now; each is put off by its back-off first."""
    with transaction.atomic(durable=True):
        due = list(
            Refund.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(state__in=UNDECIDED, next_query_at__lte=at)
            .order_by("next_query_at")[:limit]
        )
        for refund in due:
            refund.queries += 1
            refund.next_query_at = next_refund_query(at=at, asked=refund.queries)
        Refund.objects.bulk_update(due, ["queries", "next_query_at"])
    return [refund.number for refund in due]


def apply_refund(*, notice: RefundNotice, receipt: CallbackReceipt | None = None) -> None:
    """
    Act on what WeChat says of a refund. Told twice, it does nothing the second time.

    Requires a transaction. A refund we never asked for, or of another amount, or that ended otherwise before,
    becomes a case.
    """
    require_transaction()
    refund = Refund.objects.select_for_update(no_key=True).filter(number=notice.refund_number).first()
    if refund is None or not _is_about(notice, refund) or _contradicts(notice, refund):
        open_case(
            kind=CaseKind.UNKNOWN_REFUND if refund is None else CaseKind.REFUND_MISMATCH,
            number=notice.refund_number,
            transaction_id=notice.refund_id,
            amount=ZERO,
            receipt=receipt,
            evidence={
                "amount": notice.amount,
                "transaction_id": notice.transaction_id,
                "state": notice.state,
            },
        )
        return
    if notice.state not in REFUND_MOVES.get(RefundState(refund.state), set()):
        return
    refund.refund_id = notice.refund_id
    refund.state = RefundState(notice.state)
    refund.last_error = ""
    if refund.state not in UNDECIDED:
        refund.finished_at = clock.now()
        refund.next_query_at = None
    refund.save()
    if refund.state != RefundState.PROCESSING:
        _end_waiting(refund)
    match refund.state:
        case RefundState.SUCCESS:
            _finish(refund)
        case RefundState.CLOSED:
            _take_back(refund)
        case RefundState.ABNORMAL:
            _report_abnormal(refund, receipt)
    _tell_withdrawal(refund)


def _stands_still(refund: Refund) -> bool:
    goes_out = refund.payment_id is not None
    return is_paused(Flow.REFUND) or (goes_out and is_paused(Flow.WITHDRAW))


def _tell_withdrawal(refund: Refund) -> None:
    if refund.withdrawal and refund.state not in UNDECIDED:
        after_commit("payments.end_withdrawal", number=refund.withdrawal.number)


def _is_about(notice: RefundNotice, refund: Refund) -> bool:
    ours = notice.mchid in (None, settings.WECHAT["mchid"])  # only callbacks name the merchant
    return ours and (notice.amount, notice.transaction_id) == (refund.amount, refund.transaction_id)


def _contradicts(notice: RefundNotice, refund: Refund) -> bool:
    """What has ended has ended; an older word of the same refund, come late, contradicts nothing."""
    other = {RefundState.SUCCESS: RefundState.CLOSED, RefundState.CLOSED: RefundState.SUCCESS}
    return notice.state == other.get(RefundState(refund.state))


def _ask_how_it_is(refund: Refund) -> RefundNotice | None:
    """None: WeChat lost it or never had it, so asking for it again under the same number is safe."""
    try:
        return query_refund(refund.number)
    except RefundMissing:
        return None


def _ask_for_it(refund: Refund) -> RefundNotice:
    """The caller has taken its turn."""
    try:
        notice = create_refund(
            refund_number=refund.number,
            transaction_id=refund.transaction_id,
            amount=Fen(refund.amount),
            total=Fen(refund.total),
            reason=refund.reason,
        )
    except WeChatResting:
        end_turn(requests_failed=0)
        raise
    except WeChatError as error:
        end_turn(requests_failed=1 if isinstance(error, WeChatRefused) else TRIES)
        raise
    end_turn(requests_failed=0)
    return notice


def _close_if_unknown(refund: Refund, turn: Turn) -> None:
    """
    Refused for good; what WeChat does not know under this number has not happened and will not. But where
    another worker may have asked for it, too, what became of that is found out later.
    """
    if turn.may_meet_another:
        return
    try:
        notice = query_refund(refund.number)
    except RefundMissing:
        with transaction.atomic(durable=True):
            locked = Refund.objects.select_for_update(no_key=True).get(pk=refund.pk)
            asked_since = locked.asked_at != turn.at
            if not asked_since and RefundState.CLOSED in REFUND_MOVES.get(RefundState(locked.state), set()):
                locked.state, locked.finished_at, locked.next_query_at = RefundState.CLOSED, clock.now(), None
                locked.save()
                _end_waiting(locked)
                _take_back(locked)
                _tell_withdrawal(locked)
    except WeChatError as error:
        logger.info("payments.refund.unsure", extra={"number": refund.number, "reason": str(error)})
    else:
        with transaction.atomic(durable=True):
            apply_refund(notice=notice)


def _finish(refund: Refund) -> None:
    """The payer has the money: it leaves where it waited, and what it waited for is over."""
    if refund.part_id is not None:
        wechat_gave_back(refund)
        return
    key = f"wx:refund:{refund.refund_id}"
    if refund.payment is not None:
        settle_payout(amount=Fen(refund.amount), number=refund.number, key=key)
        return
    case = ExceptionCase.objects.select_related("payment").get(refunds=refund)
    resolve_case(case, resolution=f"已原路退回 {refund.number}")
    if case.payment is not None:
        end_dispute(lock_payment(case.payment))
    post_journal(
        kind=JournalKind.SUSPENSE_REFUND,
        key=key,
        legs=suspense_refund_legs(amount=Fen(refund.amount)),
        reference=refund.number,
        facts={"refund_id": refund.refund_id, "transaction_id": refund.transaction_id},
    )


def _take_back(refund: Refund) -> None:
    """CLOSED means that it did not happen: the money is still ours to give back, under a new number."""
    if refund.part_id is not None:
        wechat_gave_up(refund)
    if refund.payment is not None:
        return_payout(number=refund.number)
    if refund.case is not None:
        reopen_case(lock_case(refund.case.pk), reason=f"微信没有退成 {refund.number}")


def _report_abnormal(refund: Refund, receipt: CallbackReceipt | None) -> None:
    if refund.part_id is not None:
        wechat_is_stuck(refund)
    open_case(
        kind=CaseKind.REFUND_ABNORMAL,
        number=refund.number,
        transaction_id=refund.refund_id or "",
        amount=ZERO,
        payment=payment_of(refund),
        receipt=receipt,
        evidence={"refund": refund.number, "case": refund.case_id, "amount": refund.amount},
    )


def payment_of(refund: Refund) -> Payment | None:
    if refund.part is not None:
        return paid_by(refund.part.refund)
    return refund.case.payment if refund.case else refund.payment


def _end_waiting(refund: Refund) -> None:
    """WeChat has given the answer that a case waited for; of a stuck one, somebody helped it on there."""
    answer = f"微信已给出结果：{refund.get_state_display()} {refund.number}"
    resolve_cases_of(CaseKind.REFUND_UNDECIDED, transaction_id=refund.number, resolution=answer)
    if refund.refund_id and refund.state != RefundState.ABNORMAL:
        resolve_cases_of(CaseKind.REFUND_ABNORMAL, transaction_id=refund.refund_id, resolution=answer)
