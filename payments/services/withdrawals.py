"""Own money out: back to the top-ups it came from at WeChat, and to the customer's WeChat balance."""

from uuid import UUID

from django.db import transaction

from accounts.errors import WeChatNotLinked
from accounts.rules.step_up import Operation, OperationKind
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from payments.errors import NameNeeded, NothingToPayOut, TransferNotStoppable, WithdrawalNotCovered
from payments.models import MerchantTransfer, Refund
from payments.rules.exits import Route, available
from payments.rules.refund_states import UNDECIDED as REFUND_UNDECIDED
from payments.rules.refund_states import RefundState
from payments.rules.transfers import TransferState
from payments.selectors.exits import exits_of, route_for
from payments.selectors.transfers import transfer_of
from payments.services.returns import lock_sources, return_to_sources
from payments.services.risk_cases import begin_review, lock_waiting
from payments.services.transfer_sending import push_transfer
from payments.services.transfers import begin_transfer, stop_transfer
from wallet.errors import (
    InsufficientBalance,
    LotExhausted,
    NotInThisMode,
    WalletFrozen,
    WithdrawalNotInReview,
)
from wallet.rules.kinds import RecordKind
from wallet.rules.withdrawals import WithdrawalState, WithdrawalWay
from wallet.selectors.withdrawals import withdrawal_for
from wallet.services import withdrawals as wallet_side
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

STOPPED_BY_CUSTOMER = "顾客取消"


def withdraw(
    *,
    user_id: int,
    device_id: str,
    amount: Fen,
    quote_id: UUID,
    grant: str,
    way: str = WithdrawalWay.SOURCE,
) -> wallet_side.Withdrawal:
    """
    Take own money out, at the fee that was quoted. A large amount, or one that looks strange, waits for a
    person first, held meanwhile.

    :raises WithdrawalNotCovered: so much cannot leave this way
    :raises NameNeeded: part of it would be a transfer that takes a verified name
    :raises NotInThisMode: the customer of a prepaid wallet does not choose where its money goes
    :raises QuoteNotValid, QuoteUsed, QuoteExpired: the quote is not for this, not any more
    :raises StepUpRequired: the customer must first prove who they are; see `authorise` for its kin
    :raises LimitExceeded: more than this customer may take out now
    :raises InsufficientBalance: there is not that much own money free for amount and fee
    :raises PackageMoneyStays: what is free for them came in packages
    :raises LotExhausted: some of it was spent in the same moment; nothing has moved
    :raises WalletFrozen: nothing leaves this wallet at the moment
    :raises Paused: withdrawals stand still
    """
    if earlier := earlier_effect():
        return withdrawal_for(user_id=user_id, number=earlier)
    require_going(Flow.WITHDRAW)
    route = route_for(user_id, amount=amount, way=way, at=clock.now())
    operation = Operation(
        kind=OperationKind.WITHDRAW,
        amount=amount,
        facts={"quote": str(quote_id), "payee": _payee(route)},
    )
    leave = authorise(user_id=user_id, device_id=device_id, operation=operation, grant=grant, can_wait=True)
    return _begin(leave, quote_id=quote_id, way=way)


def call_off(*, user_id: int, number: str) -> wallet_side.Withdrawal:
    """
    The customer changed their mind: while it is in review, or before they have confirmed the transfer. What
    has not arrived is theirs again when WeChat agrees; whether it does is asked at once.

    :raises NotFound: no such withdrawal of theirs
    :raises WithdrawalNotInReview: it is on its way, or over
    """
    withdrawal = withdrawal_for(user_id=user_id, number=number)
    if transfer := _call_off(withdrawal, because=STOPPED_BY_CUSTOMER):
        push_transfer(number=transfer.number)
    return withdrawal_for(user_id=user_id, number=number)


def call_off_for(*, user_id: int, number: str, wish: str) -> wallet_side.Withdrawal:
    """
    The same by staff, because the customer wished it: `wish` says where. WeChat is asked after the commit.

    Must be called inside the transaction that decided so.

    :raises NotFound: no such withdrawal of theirs
    :raises WithdrawalNotInReview: it is on its way, or over
    """
    require_transaction()
    withdrawal = withdrawal_for(user_id=user_id, number=number)
    _call_off(withdrawal, because=f"{STOPPED_BY_CUSTOMER}（{wish}）")
    return withdrawal_for(user_id=user_id, number=number)


def send_approved(*, number: str) -> None:
    """
    A reviewed withdrawal is sent; where its money cannot leave any more it returns to review. Does nothing
    the second time.
    """
    with transaction.atomic():
        withdrawal = wallet_side.lock_withdrawal(number)
        if withdrawal.state != WithdrawalState.APPROVED:
            return
        lock_sources(user_id=withdrawal.wallet.user_id, now=clock.now())
        try:
            with transaction.atomic():
                _send(withdrawal)
        except (
            WithdrawalNotCovered,
            NameNeeded,
            NotInThisMode,
            WeChatNotLinked,
            LotExhausted,
            InsufficientBalance,
            WalletFrozen,
        ) as error:
            wallet_side.send_back_to_review(wallet_side.lock_withdrawal(number), reason=str(error.message))


def end_withdrawal(*, number: str) -> None:
    """
    WeChat has said its last word on a part of it; with the last part's it is over. Does nothing while others
    are under way, or the second time.
    """
    with transaction.atomic(durable=True):
        withdrawal = wallet_side.lock_withdrawal(number)
        refunds = list(Refund.objects.filter(withdrawal=withdrawal.pk))
        transfer = transfer_of(withdrawal.pk)
        undecided = any(refund.state in REFUND_UNDECIDED for refund in refunds)
        if withdrawal.state != WithdrawalState.SENDING or undecided or (transfer and transfer.is_undecided):
            return
        paid = sum(refund.amount for refund in refunds if refund.state == RefundState.SUCCESS)
        if transfer and transfer.state == TransferState.SUCCESS:
            paid += transfer.amount
        wallet_side.end_sent_withdrawal(
            withdrawal,
            paid=Fen(paid),
            at=clock.now(),
            without=_end_without_payment(transfer),
            reason=transfer.failure if transfer else "",
        )


def _call_off(withdrawal: wallet_side.Withdrawal, *, because: str) -> MerchantTransfer | None:
    """The transfer that WeChat is to stop; None where it takes nobody else."""
    transfer = transfer_of(withdrawal.pk)
    if withdrawal.state != WithdrawalState.SENDING or transfer is None:
        wallet_side.cancel_withdrawal(number=withdrawal.number)
        return None
    try:
        stop_transfer(number=transfer.number, because=because)
    except TransferNotStoppable as error:
        raise WithdrawalNotInReview(state=withdrawal.state) from error
    return transfer


@retry_conflicts
def _begin(leave: Authorisation, *, quote_id: UUID, way: str) -> wallet_side.Withdrawal:
    wallet = open_wallet(user_id=leave.user_id)
    amount, now = leave.operation.amount, clock.now()
    with transaction.atomic(durable=True):
        spend_authorisation(leave)
        case = lock_waiting(leave.case) if leave.case else None
        lock_sources(user_id=leave.user_id, now=now)
        withdrawal = wallet_side.open_withdrawal(
            user_id=leave.user_id,
            wallet_id=wallet.pk,
            amount=amount,
            quote_id=quote_id,
            at=now,
            looked_at_for=f"风控案件 {case}" if case else "",
            way=way,
        )
        keep_effect(withdrawal.number)
        if case:
            begin_review(case, reference=withdrawal.number)
        if withdrawal.state == WithdrawalState.APPROVED:
            _send(withdrawal)
    return withdrawal


def _send(withdrawal: wallet_side.Withdrawal) -> None:
    """The sources are locked: before the accounts, which this takes first."""
    now, user_id = clock.now(), withdrawal.wallet.user_id
    wallet_side.let_go(withdrawal, at=now)
    route = route_for(user_id, amount=Fen(withdrawal.amount), way=withdrawal.way, at=now)
    if route.refund:
        try:
            return_to_sources(
                user_id=user_id,
                wallet_id=withdrawal.wallet_id,
                amount=route.refund,
                now=now,
                shown_as=RecordKind.WITHDRAWAL,
                withdrawal_id=withdrawal.pk,
            )
        except NothingToPayOut:
            exits = exits_of(user_id, at=now)
            raise WithdrawalNotCovered(available=available(exits, withdrawal.way)) from None
    if route.transfer:
        begin_transfer(
            user_id=user_id,
            wallet_id=withdrawal.wallet_id,
            take=route.take,
            now=now,
            shown_as=RecordKind.WITHDRAWAL,
            withdrawal_id=withdrawal.pk,
        )


def _payee(route: Route) -> str:
    """Where it goes, in the words that the customer agrees to."""
    if not route.transfer:
        return "原路退回微信"
    return "原路退回微信，部分转入微信零钱" if route.refund else "微信零钱"


def _end_without_payment(transfer: MerchantTransfer | None) -> WithdrawalState:
    by_customer = transfer is not None and transfer.stopped_because.startswith(STOPPED_BY_CUSTOMER)
    called_off = transfer is not None and transfer.state in {TransferState.CANCELLED, TransferState.REFUSED}
    return WithdrawalState.CANCELLED if by_customer and called_off else WithdrawalState.FAILED
