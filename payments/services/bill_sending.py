"""Ask the platform to pay a bill, or how one is doing; the one network step, always under the same number."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from payments.gateways.billers.adapter import platform
from payments.gateways.billers.errors import BillerError, BillerRefused, BillerUnknown, PaymentMissing
from payments.gateways.billers.messages import BillNotice
from payments.models import BillPayment
from payments.rules.backoff import next_bill_query, next_look_at_paid_bill
from payments.rules.bills import BillState
from payments.selectors.bills import bills_to_ask_about
from payments.services.bill_results import apply_bill, fail_bill
from payments.services.payees import payee_as_told
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

logger = logging.getLogger(__name__)


def push_bill(*, number: str) -> BillPayment:
    """
    Take one payment a step further and act on the answer. Harmless to repeat.

    Without a clear answer it stays as it is, held, and is asked about later. That the platform has not heard
    of it proves nothing, for the request may still be on its way: it is sent again.
    """
    payment = _found(number)
    if payment.next_query_at is None:
        return payment
    is_first = _begins_to_ask(payment)
    try:
        notice = _ask(payment, is_first=is_first)
    except BillerRefused as refusal:
        if not (is_first and _give_up(payment, refusal)):
            # An earlier request may have been taken; what is refused now is this one only.
            logger.error("payments.bill.refused_late", extra={"number": number, "reason": refusal.code})
            _note_doubt(payment, refusal)
    except BillerError as error:
        _note_doubt(payment, error)
    else:
        with transaction.atomic(durable=True):
            apply_bill(notice=notice, via="answer" if is_first else "query")
    return _found(number)


def due_bills(*, at: datetime, limit: int) -> list[str]:
    """Numbers to push now; each is put off by its back-off first, so a lost task is only a late one."""
    with transaction.atomic(durable=True):
        due = list(bills_to_ask_about(at).select_for_update(skip_locked=True, no_key=True)[:limit])
        for payment in due:
            payment.queries += 1
            if payment.is_undecided:
                payment.next_query_at = next_bill_query(at=at, asked=payment.queries)
            elif payment.finished_at is not None:
                payment.next_query_at = next_look_at_paid_bill(
                    paid_at=payment.finished_at, looked=payment.queries
                )
        BillPayment.objects.bulk_update(due, ["queries", "next_query_at"])
    return [payment.number for payment in due]


def _begins_to_ask(payment: BillPayment) -> bool:
    """
    Whether this is the first request that may have left us. From here on nobody can be sure that the platform
    has not acted, so it is written down before.
    """
    untouched = BillPayment.objects.filter(pk=payment.pk, state=BillState.CREATED)
    return bool(untouched.update(state=BillState.UNSURE, updated_at=clock.now()))


def _ask(payment: BillPayment, *, is_first: bool) -> BillNotice:
    """:raises BillerError: no clear answer, or a refusal of this very request"""
    if not is_first:
        try:
            return platform().query_payment(payment.number)
        except PaymentMissing as error:
            if not payment.is_undecided:
                raise BillerUnknown("it was paid, and now nobody has heard of it") from error
    return platform().pay(
        number=payment.number,
        payee=payee_as_told(payment.payee),
        amount=Fen(payment.amount),
        notify_url=f"{settings.PUBLIC_URL}/api/v1/callbacks/billers/{payment.payee.biller.code}",
    )


def _give_up(payment: BillPayment, refusal: BillerRefused) -> bool:
    with transaction.atomic(durable=True):
        return fail_bill(number=payment.number, reason=refusal.code, asked=payment.queries)


def _note_doubt(payment: BillPayment, error: BillerError) -> None:
    logger.warning("payments.bill.unsure", extra={"number": payment.number, "reason": str(error)})
    BillPayment.objects.filter(pk=payment.pk).update(last_error=str(error)[:200])


def _found(number: str) -> BillPayment:
    found = BillPayment.objects.select_related("payee__biller", "payee__user__personal_key")
    return found.get(number=number)
