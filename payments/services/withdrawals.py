"""Own money out: back to the top-ups it came from, at WeChat."""

from uuid import UUID

from django.db import transaction

from accounts.rules.step_up import Operation, OperationKind
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from payments.errors import NothingToPayOut, WithdrawalNotCovered
from payments.models import Refund
from payments.rules.refund_states import UNDECIDED, RefundState
from payments.selectors.withdrawals import coverage_of
from payments.services.returns import lock_sources, return_to_sources
from payments.services.risk_cases import begin_review
from wallet.errors import InsufficientBalance, LotExhausted, WalletFrozen
from wallet.rules.kinds import RecordKind
from wallet.rules.withdrawals import WithdrawalState
from wallet.selectors.withdrawals import withdrawal_for
from wallet.services import withdrawals as wallet_side
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

PAYEE = "原路退回微信"


def withdraw(
    *, user_id: int, device_id: str, amount: Fen, quote_id: UUID, grant: str
) -> wallet_side.Withdrawal:
    """
    Take own money out, at the fee that was quoted. A large amount, or one that looks strange, waits for a
    person first, held meanwhile.

    :raises WithdrawalNotCovered: so much cannot go back to where it came from
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
    _require_cover(user_id=user_id, amount=amount)
    operation = Operation(
        kind=OperationKind.WITHDRAW, amount=amount, facts={"quote": str(quote_id), "payee": PAYEE}
    )
    leave = authorise(user_id=user_id, device_id=device_id, operation=operation, grant=grant)
    return _begin(leave, quote_id=quote_id)


def send_approved(*, number: str) -> None:
    """
    A reviewed withdrawal is sent; where its money cannot go back any more it returns to review. Does nothing
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
        except (WithdrawalNotCovered, LotExhausted, InsufficientBalance, WalletFrozen) as error:
            wallet_side.send_back_to_review(wallet_side.lock_withdrawal(number), reason=str(error.message))


def end_withdrawal(*, number: str) -> None:
    """
    WeChat has said its last word on a part of it; with the last part's it is over. Does nothing while others
    are under way, or the second time.
    """
    with transaction.atomic(durable=True):
        withdrawal = wallet_side.lock_withdrawal(number)
        parts = list(Refund.objects.filter(withdrawal=withdrawal.pk).values_list("state", "amount"))
        if withdrawal.state != WithdrawalState.SENDING or any(state in UNDECIDED for state, _ in parts):
            return
        paid = sum(amount for state, amount in parts if state == RefundState.SUCCESS)
        wallet_side.end_sent_withdrawal(withdrawal, paid=Fen(paid), at=clock.now())


@retry_conflicts
def _begin(leave: Authorisation, *, quote_id: UUID) -> wallet_side.Withdrawal:
    wallet = open_wallet(user_id=leave.user_id)
    amount, now = leave.operation.amount, clock.now()
    with transaction.atomic(durable=True):
        spend_authorisation(leave)
        lock_sources(user_id=leave.user_id, now=now)
        withdrawal = wallet_side.open_withdrawal(
            user_id=leave.user_id,
            wallet_id=wallet.pk,
            amount=amount,
            quote_id=quote_id,
            at=now,
            looked_at_for=f"风控案件 {leave.case}" if leave.case else "",
        )
        keep_effect(withdrawal.number)
        if leave.case:
            begin_review(case=leave.case, reference=withdrawal.number)
        if withdrawal.state == WithdrawalState.APPROVED:
            _send(withdrawal)
    return withdrawal


def _send(withdrawal: wallet_side.Withdrawal) -> None:
    """The sources are locked: before the accounts, which this takes first."""
    now, user_id = clock.now(), withdrawal.wallet.user_id
    wallet_side.let_go(withdrawal, at=now)
    try:
        with transaction.atomic():
            return_to_sources(
                user_id=user_id,
                wallet_id=withdrawal.wallet_id,
                amount=Fen(withdrawal.amount),
                now=now,
                shown_as=RecordKind.WITHDRAWAL,
                withdrawal_id=withdrawal.pk,
            )
    except NothingToPayOut:
        raise WithdrawalNotCovered(available=coverage_of(user_id, at=now)) from None


def _require_cover(*, user_id: int, amount: Fen) -> None:
    available = coverage_of(user_id, at=clock.now())
    if amount > available:
        raise WithdrawalNotCovered(available=available)
