"""A customer who leaves takes their money along: back to WeChat, the way it came."""

from datetime import datetime

from django.db import transaction

from accounts.rules.step_up import Operation, OperationKind
from accounts.selectors.closures import require_live_closure
from accounts.services.closures import hold_live_closure
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from payments.errors import NothingToPayOut
from payments.models import MerchantTransfer, Refund
from payments.rules.exits import Exits, available, plan_route
from payments.selectors.exits import exits_of
from payments.selectors.payouts import has_transfer_under_way
from payments.services.returns import lock_sources, return_to_sources
from payments.services.transfers import begin_transfer
from wallet.rules.withdrawals import WithdrawalWay
from wallet.services.own_money import require_sendable
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.money import ZERO
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def pay_out_rest(*, user_id: int, device_id: str, grant: str) -> list[Refund | MerchantTransfer]:
    """
    Refund the own free money of somebody who is leaving to the top-ups it came from, the oldest first; what
    WeChat refunds no more, or what never was a top-up, is transferred to their WeChat balance, as far as one
    transfer carries it. Called again it pays what is left, or came since.

    :raises Paused: withdrawals stand still
    :raises ClosureNotBegun: this user has not said that they want to leave
    :raises NothingToPayOut: there is no own money, or none that can go back
    :raises StepUpRequired: the customer must first prove who they are; see `authorise` for its kin
    :raises WalletFrozen: nothing leaves this wallet at the moment
    :raises InsufficientBalance, LotExhausted, PackageMoneyStays: some of it was spent in the same moment
    """
    require_going(Flow.WITHDRAW)
    require_live_closure(user_id)
    now = clock.now()
    exits = _exits(user_id, now=now)
    amount = available(exits, WithdrawalWay.SOURCE)
    if not plan_route(amount, exits, WithdrawalWay.SOURCE):
        raise NothingToPayOut
    operation = Operation(kind=OperationKind.ACCOUNT_CLOSE, amount=amount, facts={"payee": "余额退回微信"})
    leave = authorise(user_id=user_id, device_id=device_id, operation=operation, grant=grant)
    return _pay_out(leave, now=now)


@retry_conflicts
def _pay_out(leave: Authorisation, *, now: datetime) -> list[Refund | MerchantTransfer]:
    wallet = open_wallet(user_id=leave.user_id)
    user_id, amount = leave.user_id, leave.operation.amount
    begun: list[Refund | MerchantTransfer] = []
    with transaction.atomic(durable=True):
        hold_live_closure(user_id)  # what WeChat refuses to give back needs a wallet to return to
        spend_authorisation(leave)
        lock_sources(user_id=user_id, now=now)
        require_sendable(wallet_id=wallet.pk, amount=amount)
        route = plan_route(amount, _exits(user_id, now=now), WithdrawalWay.SOURCE)
        if route is None:
            raise NothingToPayOut  # another payout was faster
        if route.refund:
            begun += return_to_sources(user_id=user_id, wallet_id=wallet.pk, amount=route.refund, now=now)
        if route.transfer:
            begun.append(begin_transfer(user_id=user_id, wallet_id=wallet.pk, take=route.take, now=now))
    return begun


def _exits(user_id: int, *, now: datetime) -> Exits:
    """Without a transfer while one is under way."""
    return exits_of(user_id, at=now, most=ZERO if has_transfer_under_way(user_id) else None)
