"""A customer who leaves takes their money along: back to WeChat, the way it came."""

from datetime import datetime

from django.db import transaction

from accounts.rules.step_up import Operation, OperationKind
from accounts.selectors.closures import require_live_closure
from accounts.services.closures import hold_live_closure
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from payments.errors import NothingToPayOut
from payments.models import Payment, Refund
from payments.rules.payouts import Source, spread
from payments.selectors.payouts import refundable_top_ups
from wallet.selectors.balances import balance_of
from wallet.services.pauses import require_money_moving
from wallet.services.payouts import begin_payout
from wallet.services.wallets import open_wallet
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import lock_rows, require_transaction, retry_conflicts
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial


def pay_out_rest(*, user_id: int, device_id: str, grant: str) -> list[Refund]:
    """
    Refund the own free money of somebody who is leaving to the top-ups it came from, the oldest first.

    What came from elsewhere, or longer than a year ago, stays in the wallet. Called again it pays what came
    since.

    :raises MoneyPaused: all money stands still
    :raises ClosureNotBegun: this user has not said that they want to leave
    :raises NothingToPayOut: there is no own money, or none that can go back
    :raises StepUpRequired: the customer must first prove who they are; see `authorise` for its kin
    :raises WalletFrozen: nothing leaves this wallet at the moment
    :raises InsufficientBalance: some of it was spent in the same moment; nothing has moved
    """
    require_money_moving()
    require_live_closure(user_id)
    now = clock.now()
    parts = spread(balance_of(user_id).withdrawable, refundable_top_ups(user_id, at=now))
    if not parts:
        raise NothingToPayOut
    amount = Fen(sum(part for _source, part in parts))
    operation = Operation(kind=OperationKind.ACCOUNT_CLOSE, amount=amount, facts={"payee": "余额退回微信"})
    leave = authorise(user_id=user_id, device_id=device_id, operation=operation, grant=grant)
    return _pay_out(leave, amount=amount, now=now)


@retry_conflicts
def _pay_out(leave: Authorisation, *, amount: Fen, now: datetime) -> list[Refund]:
    wallet = open_wallet(user_id=leave.user_id)
    with transaction.atomic(durable=True):
        hold_live_closure(leave.user_id)  # what WeChat refuses to give back needs a wallet to return to
        top_ups = [source.payment_id for source in refundable_top_ups(leave.user_id, at=now)]
        payments = lock_rows(Payment, ids=top_ups)
        parts = spread(amount, refundable_top_ups(leave.user_id, at=now))
        if sum(part for _source, part in parts) < amount:
            raise NothingToPayOut  # another payout was faster
        spend_authorisation(leave)
        return [
            begin_return(payments[source.payment_id], part, source=source, wallet_id=wallet.pk, now=now)
            for source, part in parts
        ]


def begin_return(payment: Payment, amount: Fen, *, source: Source, wallet_id: int, now: datetime) -> Refund:
    """
    Take a part of a locked top-up out of the wallet and queue its refund at WeChat.

    :raises LotExhausted: some of it was spent in the same moment; nothing has moved
    """
    refund = new_return(payment, amount, now=now)
    begin_payout(wallet_id=wallet_id, amount=amount, number=refund.number, lot_id=source.lot_id)
    return refund


def new_return(payment: Payment, amount: Fen, *, now: datetime) -> Refund:
    """A refund to a locked top-up, pushed after the commit; the caller takes the money out of the wallet."""
    require_transaction()
    refund = Refund.objects.create(
        number=new_serial("F", now),
        payment=payment,
        transaction_id=payment.transaction_id or "",
        amount=amount,
        total=payment.from_channel,
        reason="余额退回",
        next_query_at=now,
    )
    record_audit(
        action="payments.payout.begun",
        subject=f"user:{payment.payer_id}",
        facts={"refund": refund.number, "amount": amount},
    )
    after_commit("payments.push_refund", number=refund.number)
    return refund
