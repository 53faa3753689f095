"""A customer who leaves takes their money along: back to WeChat, the way it came."""

from datetime import datetime

from django.db import transaction

from payments.errors import NothingToPayOut
from payments.models import Payment, Refund
from payments.rules.payouts import spread
from payments.selectors.payouts import refundable_top_ups
from wallet.selectors.balances import balance_of
from wallet.services.payouts import begin_payout, return_payout
from wallet.services.wallets import open_wallet
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import lock_rows, require_transaction, retry_conflicts
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial


@retry_conflicts
def pay_out_rest(*, user_id: int) -> list[Refund]:
    """
    Refund a customer's own free money to the top-ups it came from, the newest first.

    What no top-up of the last year can take back stays in the wallet. Called again it pays what came since.

    :raises NothingToPayOut: there is no own money, or none that can go back
    :raises WalletFrozen: nothing leaves this wallet at the moment
    :raises InsufficientBalance: some of it was spent in the same moment; nothing has moved
    """
    wallet, now = open_wallet(user_id=user_id), clock.now()
    with transaction.atomic(durable=True):
        balance = balance_of(user_id)
        top_ups = [payment_id for payment_id, _left in refundable_top_ups(user_id, at=now)]
        payments = lock_rows(Payment, ids=top_ups)
        parts = spread(balance.withdrawable, refundable_top_ups(user_id, at=now))
        if not parts:
            raise NothingToPayOut
        return [
            _begin(payments[payment_id], amount, wallet_id=wallet.pk, now=now) for payment_id, amount in parts
        ]


def give_back(refund: Refund, *, payment: Payment) -> None:
    """WeChat did not do it: the money returns to the wallet it left."""
    require_transaction()
    wallet = open_wallet(user_id=payment.payer_id)
    return_payout(wallet_id=wallet.pk, amount=Fen(refund.amount), number=refund.number)


def _begin(payment: Payment, amount: Fen, *, wallet_id: int, now: datetime) -> Refund:
    refund = Refund.objects.create(
        number=new_serial("F", now),
        payment=payment,
        transaction_id=payment.transaction_id or "",
        amount=amount,
        total=payment.from_channel,
        reason="余额退回",
        next_query_at=now,
    )
    begin_payout(wallet_id=wallet_id, amount=amount, number=refund.number)
    record_audit(
        action="payments.payout.begun",
        subject=f"user:{payment.payer_id}",
        facts={"refund": refund.number, "amount": amount},
    )
    after_commit("payments.push_refund", number=refund.number)
    return refund
