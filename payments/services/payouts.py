"""A customer who leaves takes their money along: back to WeChat, the way it came."""

from datetime import datetime

from django.db import transaction

from accounts.rules.step_up import Operation, OperationKind
from accounts.selectors.closures import require_live_closure
from accounts.services.closures import hold_live_closure
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from payments.errors import NothingToPayOut
from payments.models import Refund
from payments.rules.payouts import spread
from payments.selectors.payouts import refundable_top_ups
from payments.services.returns import lock_sources, return_to_sources
from wallet.selectors.balances import balance_of, own_money_of
from wallet.services.own_money import require_sendable
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.money import Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def pay_out_rest(*, user_id: int, device_id: str, grant: str) -> list[Refund]:
    """
    Refund the own free money of somebody who is leaving to the top-ups it came from, the oldest first.

    What came from elsewhere, or longer than a year ago, stays in the wallet. Called again it pays what came
    since.

    :raises Paused: withdrawals stand still
    :raises ClosureNotBegun: this user has not said that they want to leave
    :raises NothingToPayOut: there is no own money, or none that can go back
    :raises StepUpRequired: the customer must first prove who they are; see `authorise` for its kin
    :raises WalletFrozen: nothing leaves this wallet at the moment
    :raises InsufficientBalance, PackageMoneyStays: some of it was spent in the same moment; nothing has moved
    """
    require_going(Flow.WITHDRAW)
    require_live_closure(user_id)
    now = clock.now()
    own = own_money_of(user_id, balance=balance_of(user_id), at=now)
    parts = spread(own.sendable, refundable_top_ups(user_id, at=now))
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
        spend_authorisation(leave)
        lock_sources(user_id=leave.user_id, now=now)
        require_sendable(wallet_id=wallet.pk, amount=amount)
        return return_to_sources(user_id=leave.user_id, wallet_id=wallet.pk, amount=amount, now=now)
