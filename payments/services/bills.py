"""pay_bill: hold the money, ask the platform."""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.rules.step_up import Operation, OperationKind
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from payments.errors import BillerNotOffered
from payments.models import BillPayee, BillPayment
from payments.rules.backoff import next_bill_query
from payments.selectors.billers import biller_offered, payee_of, payees_of
from payments.services.bill_sending import push_bill
from payments.services.payees import lock_payee
from wallet.rules.kinds import MoveKind
from wallet.rules.modes import require_allowed
from wallet.selectors.own_money import require_own_money
from wallet.services.bills import hold_for_bill
from wallet.services.limits import check_limit, use_limit
from wallet.services.quotes import take_quote
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.errors import NotFound
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def pay_bill(
    *, user_id: int, device_id: str, payee_uid: UUID, amount: Fen, quote_id: UUID, grant: str = ""
) -> BillPayment:
    """
    Pay a bill out of the customer's own money, at the fee that was quoted.

    Amount and fee are held until the platform has said how it ended, however long that takes: look at the
    state that comes back. The same request again goes on under the same number.

    :raises Paused: payments stand still
    :raises NotInThisMode: this wallet pays no bills
    :raises NotFound: no such card or account of theirs
    :raises BillerNotOffered: it is closed for now
    :raises InsufficientBalance: there is not that much own money free; nothing is held
    :raises PackageMoneyStays: what is free came in packages; nothing is held
    :raises StepUpRequired: the customer must first prove who they are; see `authorise` for its kin
    :raises QuoteNotValid, QuoteUsed, QuoteExpired: the quote is not for this, not any more
    :raises LimitExceeded: more than this customer may pay now
    :raises WalletFrozen: nothing leaves this wallet at the moment
    """
    if earlier := earlier_effect():
        payment = BillPayment.objects.get(number=earlier)
    else:
        require_allowed(MoveKind.BILL, mode=settings.WALLET_MODE)
        require_going(Flow.PAY)
        payee = payee_of(payees_of(user_id), payee_uid)
        biller_offered(payee.biller.code)
        if not grant:  # nobody is asked to prove what cannot be done
            require_own_money(user_id=user_id, amount=amount)  # the fee is seen by the hold
            check_limit(user_id=user_id, kind=MoveKind.BILL, amount=amount, at=clock.now())
        operation = Operation(
            kind=OperationKind.BILL_PAY,
            amount=amount,
            facts={"quote": str(quote_id), "to": str(payee.uid), "payee": str(payee)},
            to=f"bill:{payee.uid}",
        )
        leave = authorise(user_id=user_id, device_id=device_id, operation=operation, grant=grant)
        payment = _reserve(leave, payee=payee, quote_id=quote_id)
    return push_bill(number=payment.number) if payment.is_undecided else payment


def quote_facts(payee: BillPayee) -> dict[str, str]:
    """What a quote for this payee was made for."""
    return {"payee": str(payee.uid)}


@retry_conflicts
def _reserve(leave: Authorisation, *, payee: BillPayee, quote_id: UUID) -> BillPayment:
    user_id, amount, now = leave.user_id, leave.operation.amount, clock.now()
    number = new_serial("B", now)
    with transaction.atomic(durable=True):
        keep_effect(number)
        spend_authorisation(leave)
        quote = take_quote(
            user_id=user_id,
            quote_id=quote_id,
            kind=MoveKind.BILL,
            amount=amount,
            facts=quote_facts(payee),
            at=now,
        )
        use_limit(user_id=user_id, kind=MoveKind.BILL, amount=amount, at=now)
        payee = _still_offered(payee)  # the person before the payee, as whoever closes an account does
        hold = hold_for_bill(user_id=user_id, amount=amount, fee=Fen(quote.fee), number=number)
        payment = BillPayment.objects.create(
            number=number,
            user_id=user_id,
            payee=payee,
            amount=amount,
            fee=quote.fee,
            quote=quote,
            hold=hold,
            confirmed_at=now,
            next_query_at=next_bill_query(at=now, asked=0),
        )
        record_audit(
            action="payments.bill.confirmed",
            subject=f"bill:{number}",
            facts={"amount": amount, "fee": quote.fee, "biller": payee.biller.code},
        )
    return payment


def _still_offered(payee: BillPayee) -> BillPayee:
    payee = lock_payee(payee.pk)
    if payee.forgotten_at is not None:
        raise NotFound
    if not payee.biller.is_active:
        raise BillerNotOffered(biller=payee.biller.code)
    return payee
