"""Own money goes back to the top-ups it came from: out of the wallet, and asked for at WeChat."""

from datetime import datetime

from payments.errors import NothingToPayOut
from payments.models import Payment, Refund
from payments.rules.payouts import spread
from payments.selectors.payouts import refundable_top_ups
from wallet.rules.kinds import RecordKind
from wallet.services.payouts import begin_payout
from wallet_project.audit.services import record_audit
from wallet_project.kit.db import lock_rows, require_transaction
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial


def return_to_sources(
    *,
    user_id: int,
    wallet_id: int,
    amount: Fen,
    now: datetime,
    shown_as: RecordKind = RecordKind.PAYOUT,
    withdrawal_id: int | None = None,
) -> list[Refund]:
    """
    Send so much of a customer's own money back, to the oldest top-ups first: all of it or nothing.

    Must be called inside the transaction that decided so.

    :raises NothingToPayOut: no top-ups can take that much back; another return may have been faster
    :raises LotExhausted, InsufficientBalance: some of it was spent in the same moment
    :raises WalletFrozen: nothing leaves this wallet at the moment
    """
    require_transaction()
    payments = lock_sources(user_id=user_id, now=now)
    parts = spread(amount, refundable_top_ups(user_id, at=now))
    if sum(part for _source, part in parts) < amount:
        raise NothingToPayOut
    refunds = []
    for source, part in parts:
        refund = new_return(payments[source.payment_id], part, now=now, withdrawal_id=withdrawal_id)
        begin_payout(
            wallet_id=wallet_id, amount=part, number=refund.number, lot_id=source.lot_id, shown_as=shown_as
        )
        refunds.append(refund)
    return refunds


def lock_sources(*, user_id: int, now: datetime) -> dict[int, Payment]:
    """The top-ups that could take money back, locked; the wallet's accounts are locked after them."""
    return lock_rows(Payment, ids=[source.payment_id for source in refundable_top_ups(user_id, at=now)])


def new_return(payment: Payment, amount: Fen, *, now: datetime, withdrawal_id: int | None = None) -> Refund:
    """A refund to a locked top-up, pushed after the commit; the caller takes the money out of the wallet."""
    require_transaction()
    refund = Refund.objects.create(
        number=new_serial("F", now),
        payment=payment,
        withdrawal_id=withdrawal_id,
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
