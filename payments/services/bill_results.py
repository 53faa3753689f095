"""What became of a bill, whoever brought the news: book it once, or give the money back."""

from dataclasses import asdict
from typing import Any

from django.utils import translation

from payments.events import BillFailed, BillPaid, BillReturned
from payments.gateways.billers.messages import BillNotice, PlatformState
from payments.models import BillPayment, CallbackReceipt
from payments.rules.backoff import next_look_at_paid_bill
from payments.rules.bills import BILL_MOVES, BillState
from payments.rules.cases import CaseKind
from payments.services.cases import open_case
from wallet.errors import WalletClosed
from wallet.rules.kinds import MoveKind
from wallet.services.bills import BillMoney, book_bill, keep_returned_bill, return_bill
from wallet.services.holds import void_hold
from wallet.services.limits import give_back_limit
from wallet.services.quotes import give_back_quote
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.money import ZERO, Fen
from wallet_project.kit.states import require_move


def apply_bill(*, notice: BillNotice, via: str, receipt: CallbackReceipt | None = None) -> None:
    """
    Act on what the platform says of a payment. Told twice, or late, it does nothing the second time.

    Requires a transaction. What we never asked for, or what contradicts what the platform said before,
    becomes a case: no money moves for it.
    """
    require_transaction()
    payment = _locked(notice.number)
    if payment is None or not _is_about(notice, payment):
        kind = CaseKind.UNKNOWN_BILL if payment is None else CaseKind.BILL_MISMATCH
        _open_case(kind, notice, receipt)
        return
    if _contradicts(notice, payment):
        _open_case(CaseKind.BILL_MISMATCH, notice, receipt)
        return
    payment.payment_id, payment.last_error = notice.payment_id, ""
    match notice.state:
        case PlatformState.PROCESSING if payment.state in {BillState.CREATED, BillState.UNSURE}:
            _move(payment, BillState.SENT)
        case PlatformState.FAILED if payment.is_undecided:
            _fail(payment, reason=notice.reason, via=via)
        case PlatformState.SUCCESS | PlatformState.REVERSED:
            if payment.is_undecided:
                _succeed(payment, via=via)
            if notice.state == PlatformState.REVERSED and payment.state == BillState.SUCCEEDED:
                _take_back(payment, reason=notice.reason)
    payment.save()


def fail_bill(*, number: str, reason: str, asked: int) -> bool:
    """
    The platform refused the only request there ever was: nobody has had a turn since `queries` was `asked`.

    Requires a transaction. False, and nothing happens, where somebody has, or a callback was faster.
    """
    require_transaction()
    payment = _locked(number)
    if payment is None or not payment.is_undecided or payment.queries != asked:
        return False
    _fail(payment, reason=reason, via="answer")
    payment.save()
    return True


def _contradicts(notice: BillNotice, payment: BillPayment) -> bool:
    """What failed has failed for good, and what was paid can only come back."""
    if notice.state == PlatformState.FAILED:
        return payment.state in {BillState.SUCCEEDED, BillState.REVERSED}
    return payment.state == BillState.FAILED and notice.state != PlatformState.PROCESSING


def _succeed(payment: BillPayment, *, via: str) -> None:
    journal = book_bill(_money(payment), hold_id=payment.hold_id)
    payment.journal_id, payment.finished_at, payment.learned_via = journal.journal_id, journal.at, via
    payment.queries = 0
    payment.next_query_at = next_look_at_paid_bill(paid_at=journal.at, looked=0)
    _move(payment, BillState.SUCCEEDED)
    _note(payment, "paid")
    publish(BillPaid(**_told(payment)))


def _fail(payment: BillPayment, *, reason: str, via: str) -> None:
    payment.reason, payment.learned_via = reason, via
    payment.finished_at, payment.next_query_at = clock.now(), None
    _move(payment, BillState.FAILED)
    give_back_quote(quote_id=payment.quote_id)
    give_back_limit(
        user_id=payment.user_id,
        kind=MoveKind.BILL,
        amount=Fen(payment.amount),
        at=payment.confirmed_at,
    )
    void_hold(hold_id=payment.hold_id)  # the ledger comes last in the order of locks
    _note(payment, "failed")
    publish(BillFailed(**_told(payment), reason=reason))


def _take_back(payment: BillPayment, *, reason: str) -> None:
    money = _money(payment)
    assert payment.journal_id is not None  # noqa: S101 - the table says so of every paid bill
    try:
        journal = return_bill(money, journal_id=payment.journal_id)
    except WalletClosed:
        journal = keep_returned_bill(money)
        open_case(
            kind=CaseKind.BILL_UNCLAIMED,
            number=payment.number,
            transaction_id=payment.payment_id or "",
            amount=ZERO,
            evidence={"amount": money.total, "journal": journal.journal_id, "user_id": payment.user_id},
        )
    payment.return_journal_id, payment.returned_at = journal.journal_id, journal.at
    payment.reason, payment.next_query_at = reason, None
    _move(payment, BillState.REVERSED)
    _note(payment, "returned")
    publish(BillReturned(**_told(payment), reason=reason))


def _move(payment: BillPayment, state: BillState) -> None:
    require_move(BILL_MOVES, payment.state, state)
    payment.state = state


def _is_about(notice: BillNotice, payment: BillPayment) -> bool:
    ours = (payment.amount, payment.payee.biller.code)
    same_payment = payment.payment_id in (None, notice.payment_id)
    return same_payment and (notice.amount, notice.biller) == ours


def _locked(number: str) -> BillPayment | None:
    payments = BillPayment.objects.select_related("payee__biller")
    return payments.select_for_update(no_key=True, of=("self",)).filter(number=number).first()


def _money(payment: BillPayment) -> BillMoney:
    with translation.override("zh-hans"):  # a record is written once, for whoever reads it
        title = str(payment.payee.biller.get_kind_display())
    return BillMoney(
        user_id=payment.user_id,
        number=payment.number,
        amount=Fen(payment.amount),
        fee=Fen(payment.fee),
        title=title,
        biller=payment.payee.biller.code,
        biller_name=str(payment.payee),
    )


def _told(payment: BillPayment) -> dict[str, Any]:
    """What every event says of it."""
    return {
        "number": payment.number,
        "user_id": payment.user_id,
        "biller": payment.payee.biller.code,
        "amount": payment.amount,
        "fee": payment.fee,
    }


def _note(payment: BillPayment, what: str) -> None:
    record_audit(
        action=f"payments.bill.{what}",
        subject=f"bill:{payment.number}",
        facts={"amount": payment.amount, "fee": payment.fee, "reason": payment.reason},
    )


def _open_case(kind: CaseKind, notice: BillNotice, receipt: CallbackReceipt | None) -> None:
    open_case(
        kind=kind,
        number=notice.number,
        transaction_id=notice.payment_id,
        amount=ZERO,
        receipt=receipt,
        evidence=asdict(notice),
    )
