"""Send own money to somebody else: now, or when they take it (waiting_transfers)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.rules.step_up import Operation, OperationKind
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from wallet.errors import (
    AmountNotAsked,
    BalanceCapExceeded,
    PayeeCannotReceive,
    RequestIsPaidAtOnce,
    WalletClosed,
    WalletReceivesNothing,
)
from wallet.events import TransferSent, TransferWaiting
from wallet.models import Transfer
from wallet.rules.kinds import Direction, JournalKind, MoveKind, RecordKind
from wallet.rules.modes import require_allowed
from wallet.rules.money_requests import RequestState
from wallet.rules.payees import Introduction, Party
from wallet.rules.postings import transfer_legs
from wallet.rules.spend_order import OWN_MONEY
from wallet.rules.transfers import LONGEST_REMARK, TransferState
from wallet.selectors.content import clean_text
from wallet.selectors.own_money import require_own_money
from wallet.selectors.payees import introduction_behind, wallet_to_pay
from wallet.selectors.transfers import transfer_for
from wallet.services.balance_caps import require_room
from wallet.services.holds import place_hold
from wallet.services.ledger import Lots, PostedJournal, post_journal
from wallet.services.limits import use_limit
from wallet.services.money_requests import end_request, lock_request_to_pay
from wallet.services.own_money import require_sendable
from wallet.services.quotes import take_quote
from wallet.services.records import Happening, write_records
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import Fen
from wallet_project.kit.rows import insert
from wallet_project.kit.serials import new_serial
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def send_transfer(
    *,
    sender_id: int,
    device_id: str,
    payee_token: str,
    amount: Fen,
    quote_id: UUID | str,
    remark: str = "",
    accept_within: timedelta | None = None,
    grant: str = "",
) -> Transfer:
    """
    Move own money to whoever the token stands for, at the fee that was quoted for this token and amount;
    returns the transfer as its sender sees it.

    With `accept_within` it is held until they take it; what they do not take in that time returns. Proven to
    be the sender's wish: this amount, to this person, at this quote.

    :raises NotInThisMode: this wallet moves nothing from person to person
    :raises Paused: transfers stand still
    :raises PayeeTokenRefused: too old, made up, or another's: the payee must be found again
    :raises AmountNotAsked: they asked for another amount
    :raises RequestOver: the request that the token answers was paid or ended
    :raises RequestIsPaidAtOnce: such a request is not kept waiting
    :raises TextRefused: the remark is nothing to send to others
    :raises InsufficientBalance: there is not that much own money free
    :raises PackageMoneyStays: what is free came in packages
    :raises LotExhausted: some of it was spent in the same moment; nothing has moved
    :raises WalletFrozen: nothing leaves this wallet at the moment
    :raises PayeeCannotReceive: nothing comes into theirs, or not that much
    :raises QuoteNotValid: made for something else; see `take_quote` for its kin
    :raises LimitExceeded: a limit on transfers, or on all that leaves the balance, is used up
    :raises StepUpRequired: it waits for proof; see `authorise` for its kin
    """
    if earlier := earlier_effect():
        return transfer_for(user_id=sender_id, number=earlier)
    require_allowed(MoveKind.TRANSFER, mode=settings.WALLET_MODE)
    require_going(Flow.TRANSFER)
    between = introduction_behind(payee_token, asker_id=sender_id, at=clock.now())
    if between.amount not in (None, amount):
        raise AmountNotAsked(amount=between.amount)
    if between.request and accept_within is not None:
        raise RequestIsPaidAtOnce
    remark = clean_text(remark, longest=LONGEST_REMARK)
    if not grant:  # nobody is asked to prove what cannot be done
        require_own_money(user_id=sender_id, amount=amount)
    facts = {"payee": between.payee.shown, "payee_uid": between.payee.uid, "quote": str(quote_id)}
    operation = Operation(
        kind=OperationKind.TRANSFER, amount=amount, facts=facts, to=between.payee.counterparty
    )
    leave = authorise(user_id=sender_id, device_id=device_id, operation=operation, grant=grant)
    return _send(
        between=between,
        amount=amount,
        promised=(quote_id, {"payee": payee_token}),
        remark=remark,
        accept_within=accept_within,
        leave=leave,
    )


def write_both_records(transfer: Transfer, *, journal: PostedJournal, payer: Party, payee: Party) -> None:
    """What either side reads in their history; the fee is the payer's."""
    gave = Happening(
        wallet_id=payer.wallet_id,
        kind=RecordKind.TRANSFER_OUT,
        title=transfer.remark or "转账",
        reference=transfer.number,
        balance_amount=Fen(transfer.amount + transfer.fee),
        fee=Fen(transfer.fee),
        counterparty=payee.counterparty,
        counterparty_name=payee.shown,
    )
    got = Happening(
        wallet_id=payee.wallet_id,
        kind=RecordKind.TRANSFER_IN,
        title=transfer.remark or "收到转账",
        reference=transfer.number,
        balance_amount=Fen(transfer.amount),
        counterparty=payer.counterparty,
        counterparty_name=payer.shown,
    )
    write_records(gave, got, journal=journal)


@retry_conflicts
def _send(
    *,
    between: Introduction,
    amount: Fen,
    promised: tuple[UUID | str, dict[str, str]],
    remark: str,
    accept_within: timedelta | None,
    leave: Authorisation,
) -> Transfer:
    now = clock.now()
    number = new_serial("T", now)
    sender_id = between.payer.user_id
    with transaction.atomic(durable=True):
        keep_effect(number)
        spend_authorisation(leave)
        quote_id, facts = promised
        quote = take_quote(
            user_id=sender_id, quote_id=quote_id, kind=MoveKind.TRANSFER, amount=amount, facts=facts, at=now
        )
        use_limit(user_id=sender_id, kind=MoveKind.TRANSFER, amount=amount, at=now)
        request = None
        if between.request:  # after the real name, which a closing account locks before its requests
            request = lock_request_to_pay(between.request, payer_id=sender_id, at=now)
        transfer = Transfer(
            number=number,
            sender_id=sender_id,
            receiver_id=between.payee.user_id,
            amount=amount,
            fee=quote.fee,
            remark=remark,
            request=request,
            quote=quote,
            created_at=now,
        )
        lots = require_sendable(wallet_id=between.payer.wallet_id, amount=Fen(amount + quote.fee))
        if accept_within is None:
            _move_now(transfer, between, lots=lots)
        else:
            _hold_for(transfer, between, accept_by=now + accept_within)
        if request is not None:
            end_request(request, state=RequestState.PAID, at=now)
    transfer.direction, transfer.other = Direction.OUT, between.payee
    return transfer


def _move_now(transfer: Transfer, between: Introduction, *, lots: Lots | None) -> None:
    payer, payee, amount = between.payer, between.payee, Fen(transfer.amount)
    try:
        require_room(user_id=payee.user_id, coming=amount)
        journal = post_journal(
            kind=JournalKind.TRANSFER,
            key=f"transfer:{transfer.number}",
            legs=transfer_legs(
                sender_id=payer.wallet_id, receiver_id=payee.wallet_id, amount=amount, fee=Fen(transfer.fee)
            ),
            reference=transfer.number,
            lots=lots,
        )
    except (BalanceCapExceeded, WalletClosed, WalletReceivesNothing):
        # How much somebody has, and why their wallet takes nothing, is not for others to know.
        raise PayeeCannotReceive from None
    write_both_records(transfer, journal=journal, payer=payer, payee=payee)
    transfer.state, transfer.journal_id = TransferState.ACCEPTED, journal.journal_id
    transfer.ended_at = journal.at
    insert(transfer)
    publish(
        TransferSent(
            number=transfer.number,
            sender_id=payer.user_id,
            receiver_id=payee.user_id,
            amount=transfer.amount,
        )
    )


def _hold_for(transfer: Transfer, between: Introduction, *, accept_by: datetime) -> None:
    if wallet_to_pay(between.payee.user_id) is None:
        raise PayeeCannotReceive
    hold = place_hold(
        wallet_id=between.payer.wallet_id,
        amount=Fen(transfer.amount + transfer.fee),
        key=f"hold:{transfer.number}",
        reference=transfer.number,
        spend_order=OWN_MONEY,
    )
    transfer.state, transfer.hold_id, transfer.accept_by = TransferState.WAITING, hold.pk, accept_by
    insert(transfer)
    publish(
        TransferWaiting(
            number=transfer.number,
            sender_id=transfer.sender_id,
            receiver_id=transfer.receiver_id,
            amount=transfer.amount,
            accept_by=clock.iso(accept_by),
        )
    )
