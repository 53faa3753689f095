"""The wallet's side of a withdrawal: promise, let go, keep the fee. Talking to WeChat is up to payments."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import User
from wallet.errors import WithdrawalNotInReview
from wallet.events import WithdrawalApproved, WithdrawalEnded, WithdrawalRequested
from wallet.models import Withdrawal
from wallet.rules.kinds import JournalKind, MoveKind, RecordKind
from wallet.rules.postings import Leg
from wallet.rules.spend_order import OWN_MONEY
from wallet.rules.withdrawals import WITHDRAWAL_MOVES, WithdrawalState, WithdrawalWay, fee_for
from wallet.services.holds import capture_hold, place_hold, void_hold
from wallet.services.limits import give_back_limit, use_limit
from wallet.services.own_money import require_sendable
from wallet.services.quotes import give_back_quote, take_quote
from wallet.services.records import write_record
from wallet_project.approvals.errors import OwnProposal
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.money import ZERO, Fen
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def open_withdrawal(
    *,
    user_id: int,
    wallet_id: int,
    amount: Fen,
    quote_id: UUID | str,
    at: datetime,
    way: str = WithdrawalWay.SOURCE,
    looked_at_for: str = "",
) -> Withdrawal:
    """
    Promise amount and fee, as quoted, out of the customer's own money. A large one is then in REVIEW, and
    so is one that is `looked_at_for` a reason; any other is APPROVED.

    Must be called inside the transaction that spends the customer's proof.

    :raises QuoteNotValid, QuoteUsed, QuoteExpired: the quote is not for this, not any more
    :raises LimitExceeded: more than this customer may take out now
    :raises InsufficientBalance: there is not that much own money free
    :raises PackageMoneyStays: what is free came in packages
    :raises WalletFrozen: nothing leaves this wallet at the moment
    """
    require_transaction()
    quote = take_quote(
        user_id=user_id, quote_id=quote_id, kind=MoveKind.WITHDRAW, amount=amount, facts={}, at=at
    )
    use_limit(user_id=user_id, kind=MoveKind.WITHDRAW, amount=amount, at=at)
    require_sendable(wallet_id=wallet_id, amount=Fen(amount + quote.fee))
    number = new_serial("W", at)
    is_reviewed = looked_at_for or amount >= settings.WITHDRAWAL_REVIEW_FROM
    hold = place_hold(
        wallet_id=wallet_id,
        amount=Fen(amount + quote.fee),
        key=f"hold:{number}",
        reference=number,
        spend_order=OWN_MONEY,
    )
    withdrawal = Withdrawal.objects.create(
        number=number,
        wallet_id=wallet_id,
        amount=amount,
        fee=quote.fee,
        way=way,
        quote=quote,
        state=WithdrawalState.REVIEW if is_reviewed else WithdrawalState.APPROVED,
        hold=hold,
        requested_at=at,
    )
    if looked_at_for:
        record_audit(
            action="wallet.withdrawal.reviewed",
            subject=f"withdrawal:{number}",
            facts={"reason": looked_at_for},
        )
    publish(WithdrawalRequested(number=number, user_id=user_id, amount=amount, state=str(withdrawal.state)))
    return withdrawal


def approve_withdrawal(*, number: str, reviewer_id: int, note: str) -> None:
    """
    A member of staff has looked at a large withdrawal, and what they found: it will be sent.

    :raises Paused: withdrawals stand still
    :raises OwnProposal: nobody lets their own money out
    :raises StateConflict: it is not in review any more
    """
    require_going(Flow.WITHDRAW)
    with transaction.atomic(durable=True):
        withdrawal = lock_withdrawal(number)
        if withdrawal.wallet.user_id in User.objects.get(pk=reviewer_id).own_user_ids:
            raise OwnProposal
        require_move(WITHDRAWAL_MOVES, withdrawal.state, WithdrawalState.APPROVED)
        withdrawal.state, withdrawal.reviewer_id = WithdrawalState.APPROVED, reviewer_id
        withdrawal.reason = ""
        withdrawal.save(update_fields=["state", "reviewer_id", "reason"])
        record_audit(
            action="wallet.withdrawal.approved",
            subject=f"withdrawal:{number}",
            facts={"amount": withdrawal.amount, "note": note},
        )
        publish(WithdrawalApproved(number=number))


def reject_withdrawal(*, number: str, reviewer_id: int, reason: str) -> None:
    """
    A member of staff says no, and why; the money is free again.

    :raises StateConflict: it is not in review any more
    """
    with transaction.atomic(durable=True):
        withdrawal = lock_withdrawal(number)
        require_move(WITHDRAWAL_MOVES, withdrawal.state, WithdrawalState.REJECTED)
        withdrawal.reviewer_id, withdrawal.reason = reviewer_id, reason
        _give_back(withdrawal)
        _void(withdrawal)
        _end(withdrawal, WithdrawalState.REJECTED, at=clock.now())


def cancel_withdrawal(*, number: str) -> Withdrawal:
    """
    The customer changed their mind while it was in review; the money is free again.

    :raises WithdrawalNotInReview: it is on its way, or over
    """
    with transaction.atomic():
        withdrawal = lock_withdrawal(number)
        if withdrawal.state != WithdrawalState.REVIEW:
            raise WithdrawalNotInReview(state=withdrawal.state)
        _give_back(withdrawal)
        _void(withdrawal)
        _end(withdrawal, WithdrawalState.CANCELLED, at=clock.now())
    return withdrawal


def send_back_to_review(withdrawal: Withdrawal, *, reason: str) -> None:
    """
    A locked, approved withdrawal cannot be sent as things are now; its money stays held.

    :raises StateConflict: it is not waiting to be sent
    """
    require_transaction()
    require_move(WITHDRAWAL_MOVES, withdrawal.state, WithdrawalState.REVIEW)
    withdrawal.state, withdrawal.reason = WithdrawalState.REVIEW, reason
    withdrawal.save(update_fields=["state", "reason"])


def lock_withdrawal(number: str) -> Withdrawal:
    """As it is until the caller's transaction ends."""
    require_transaction()
    locked = Withdrawal.objects.select_related("wallet").select_for_update(no_key=True, of=("self",))
    return locked.get(number=number)


def let_go(withdrawal: Withdrawal, *, at: datetime) -> None:
    """
    A locked withdrawal is being sent: the amount is free to leave, in this transaction; the fee stays held.

    :raises StateConflict: somebody has decided otherwise
    """
    require_transaction()
    require_move(WITHDRAWAL_MOVES, withdrawal.state, WithdrawalState.SENDING)
    _void(withdrawal)
    withdrawal.hold = None
    if withdrawal.fee:
        withdrawal.hold = place_hold(
            wallet_id=withdrawal.wallet_id,
            amount=Fen(withdrawal.fee),
            key=f"fee:{withdrawal.number}",
            reference=withdrawal.number,
            spend_order=OWN_MONEY,
        )
    withdrawal.state, withdrawal.sent_at = WithdrawalState.SENDING, at
    withdrawal.save(update_fields=["hold", "state", "sent_at"])


def end_sent_withdrawal(
    withdrawal: Withdrawal,
    *,
    paid: Fen,
    at: datetime,
    without: WithdrawalState = WithdrawalState.FAILED,
    reason: str = "",
) -> None:
    """
    Nothing of a locked withdrawal is under way any more: `paid` fen of it arrived, the rest is in the wallet.

    We keep the part of the fee for what arrived; where nothing did, it ends as `without` says. `reason` is
    why not all of it arrived, for the customer.

    :raises StateConflict: it had ended before
    """
    require_transaction()
    state = WithdrawalState.PAID if paid else without
    require_move(WITHDRAWAL_MOVES, withdrawal.state, state)
    withdrawal.paid, withdrawal.reason = paid, reason
    withdrawal.fee_paid = fee_for(fee=Fen(withdrawal.fee), paid=paid, amount=Fen(withdrawal.amount))
    _give_back(withdrawal)
    if withdrawal.fee_paid:
        _keep_fee(withdrawal, Fen(withdrawal.fee_paid))
    _void(withdrawal)
    _end(withdrawal, state, at=at)


def _keep_fee(withdrawal: Withdrawal, fee: Fen) -> None:
    assert withdrawal.hold_id  # noqa: S101 - a fee is held from the moment it is promised
    journal = capture_hold(
        hold_id=withdrawal.hold_id,
        kind=JournalKind.WITHDRAWAL,
        key=f"fee:{withdrawal.number}",
        legs=[Leg("fee_income", fee)],
        reference=withdrawal.number,
    )
    write_record(
        wallet_id=withdrawal.wallet_id,
        journal=journal,
        kind=RecordKind.WITHDRAWAL,
        title="提现手续费",
        reference=withdrawal.number,
        balance_amount=fee,
        fee=fee,
    )


def _give_back(withdrawal: Withdrawal) -> None:
    """What was promised and not paid, of the quote and of the limits; both are taken before the accounts."""
    user_id, missed = withdrawal.wallet.user_id, Fen(withdrawal.amount - withdrawal.paid)
    if withdrawal.paid == ZERO:
        give_back_quote(quote_id=withdrawal.quote_id)
    if missed:
        give_back_limit(
            user_id=user_id,
            kind=MoveKind.WITHDRAW,
            amount=missed,
            at=withdrawal.requested_at,
            moved=Fen(withdrawal.paid),
        )


def _void(withdrawal: Withdrawal) -> None:
    if withdrawal.hold_id:
        void_hold(hold_id=withdrawal.hold_id)


def _end(withdrawal: Withdrawal, state: WithdrawalState, *, at: datetime) -> None:
    withdrawal.state, withdrawal.ended_at = state, at
    withdrawal.save()
    record_audit(
        action="wallet.withdrawal.ended",
        subject=f"withdrawal:{withdrawal.number}",
        facts={"state": state, "paid": withdrawal.paid, "reason": withdrawal.reason},
    )
    publish(
        WithdrawalEnded(
            number=withdrawal.number,
            user_id=withdrawal.wallet.user_id,
            state=str(state),
            paid=withdrawal.paid,
        )
    )
