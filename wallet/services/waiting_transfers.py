"""A transfer that waits is taken by its receiver, or returns: refused, taken back, or too late."""

import logging
from datetime import datetime
from typing import cast

from django.db import transaction

from accounts.selectors.name_hints import name_hints
from wallet.errors import TransferOver
from wallet.events import TransferAccepted, TransferReturned
from wallet.models import Hold, Transfer
from wallet.rules.kinds import Direction, JournalKind, MoveKind
from wallet.rules.postings import held_transfer_legs
from wallet.rules.transfers import TRANSFER_MOVES, TransferState
from wallet.selectors.payees import party_of
from wallet.selectors.transfers import overdue_transfers, transfer_for
from wallet.services.balance_caps import hold_room, require_room
from wallet.services.holds import capture_hold, void_hold
from wallet.services.limits import give_back_limit
from wallet.services.own_money import lots_to_send
from wallet.services.quotes import give_back_quote
from wallet.services.transfers import write_both_records
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.errors import NotFound
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen
from wallet_project.kit.states import require_move
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

logger = logging.getLogger(__name__)


@retry_conflicts
def accept_transfer(*, receiver_id: int, number: str) -> Transfer:
    """
    Take what somebody sent; does nothing the second time.

    :raises NotFound: nobody sent this to them
    :raises Paused: transfers stand still
    :raises TransferOver: it has returned, or its time is over
    :raises BalanceCapExceeded: there is no room for that much; it goes on waiting
    :raises WalletReceivesNothing: nothing comes into their wallet; it goes on waiting
    """
    require_going(Flow.TRANSFER)
    now = clock.now()
    with transaction.atomic(durable=True):
        transfer = _locked(number, user_id=receiver_id, direction=Direction.IN)
        if transfer.state != TransferState.ACCEPTED:
            _require_waiting(transfer, at=now)
            _capture(transfer)
    return transfer_for(user_id=receiver_id, number=number)


@retry_conflicts
def decline_transfer(*, receiver_id: int, number: str) -> Transfer:
    """
    Send it back; does nothing the second time.

    :raises NotFound: nobody sent this to them
    :raises TransferOver: it was taken, or returned in another way
    """
    return _end(number, user_id=receiver_id, direction=Direction.IN, state=TransferState.DECLINED)


@retry_conflicts
def cancel_transfer(*, sender_id: int, number: str) -> Transfer:
    """
    Take it back before the other side has it; does nothing the second time.

    :raises NotFound: they sent nothing of this number
    :raises TransferOver: it was taken, or returned in another way
    """
    return _end(number, user_id=sender_id, direction=Direction.OUT, state=TransferState.CANCELLED)


def return_overdue_transfers(*, at: datetime, limit: int) -> int:
    """Give back what nobody took in time, each in a transaction of its own; returns how many."""
    returned = 0
    while returned < limit and _return_overdue(at=at):
        returned += 1
    return returned


def begin_to_decline_all(*, receiver_id: int) -> list[Transfer]:
    """
    Whoever leaves takes nothing more: what waits for them is locked, and off the limits of its senders.

    In the transaction that closes their account; `decline_all` must follow there, after whatever is locked
    between limits and accounts.
    """
    require_transaction()
    waiting = Transfer.objects.filter(receiver=receiver_id, state=TransferState.WAITING)
    locked = waiting.select_for_update(no_key=True, of=("self",)).order_by("hold__wallet", "pk")
    transfers = list(locked)  # in the order of their senders' accounts, now and when they are declined
    for transfer in transfers:
        _give_back(transfer)
    return transfers


def decline_all(transfers: list[Transfer], *, receiver_id: int) -> None:
    """The money of all that is locked by `begin_to_decline_all` is its senders' again."""
    now = clock.now()
    if transfers:
        hold_room(receiver_id)  # a transfer to them could have their account and wait for its sender's
    for transfer in transfers:
        _release(transfer, state=TransferState.DECLINED, at=now)


def _locked(number: str, *, user_id: int, direction: str) -> Transfer:
    side = {Direction.OUT: "sender", Direction.IN: "receiver"}[Direction(direction)]
    found = Transfer.objects.select_for_update(no_key=True).filter(number=number, **{side: user_id}).first()
    if found is None:
        raise NotFound
    return found


def _require_waiting(transfer: Transfer, *, at: datetime) -> None:
    if transfer.state != TransferState.WAITING:
        raise TransferOver(state=transfer.state)
    if transfer.accept_by is None or transfer.accept_by <= at:
        raise TransferOver(state=TransferState.EXPIRED)


def _capture(transfer: Transfer) -> None:
    hold = Hold.objects.get(pk=cast(int, transfer.hold_id))
    wallet = open_wallet(user_id=transfer.receiver_id)
    amount = Fen(transfer.amount)
    require_room(user_id=transfer.receiver_id, coming=amount)
    journal = capture_hold(
        hold_id=hold.pk,
        kind=JournalKind.TRANSFER,
        key=f"transfer:{transfer.number}",
        legs=held_transfer_legs(receiver_id=wallet.pk, amount=amount, fee=Fen(transfer.fee)),
        reference=transfer.number,
        lots=lots_to_send(wallet_id=hold.wallet_id, amount=Fen(hold.amount)),
    )
    hints = name_hints([transfer.sender_id, transfer.receiver_id])
    write_both_records(
        transfer,
        journal=journal,
        payer=party_of(hints[transfer.sender_id], wallet_id=hold.wallet_id),
        payee=party_of(hints[transfer.receiver_id], wallet_id=wallet.pk),
    )
    require_move(TRANSFER_MOVES, transfer.state, TransferState.ACCEPTED)
    transfer.state, transfer.journal_id = TransferState.ACCEPTED, journal.journal_id
    transfer.ended_at = journal.at
    transfer.save(update_fields=["state", "journal", "ended_at"])
    publish(
        TransferAccepted(
            number=transfer.number,
            sender_id=transfer.sender_id,
            receiver_id=transfer.receiver_id,
            amount=transfer.amount,
        )
    )


def _end(number: str, *, user_id: int, direction: str, state: TransferState) -> Transfer:
    now = clock.now()
    with transaction.atomic(durable=True):
        transfer = _locked(number, user_id=user_id, direction=direction)
        if transfer.state != state:
            if transfer.state != TransferState.WAITING:
                raise TransferOver(state=transfer.state)
            _return(transfer, state=state, at=now)
    return transfer_for(user_id=user_id, number=number)


def _return_overdue(*, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        transfer = overdue_transfers(at).select_for_update(no_key=True, skip_locked=True).first()
        if transfer is None:
            return False
        _return(transfer, state=TransferState.EXPIRED, at=at)
    logger.info("wallet.transfer.expired", extra={"number": transfer.number})
    return True


def _return(transfer: Transfer, *, state: TransferState, at: datetime) -> None:
    """The sender may use the money again, and what it counted on limits and fees is theirs again."""
    _give_back(transfer)
    _release(transfer, state=state, at=at)


def _give_back(transfer: Transfer) -> None:
    amount = Fen(transfer.amount)
    give_back_quote(quote_id=transfer.quote_id)
    give_back_limit(user_id=transfer.sender_id, kind=MoveKind.TRANSFER, amount=amount, at=transfer.created_at)


def _release(transfer: Transfer, *, state: TransferState, at: datetime) -> None:
    require_move(TRANSFER_MOVES, transfer.state, state)
    void_hold(hold_id=cast(int, transfer.hold_id))  # whatever waits has one: the table sees to it
    transfer.state, transfer.ended_at = state, at
    transfer.save(update_fields=["state", "ended_at"])
    publish(
        TransferReturned(
            number=transfer.number,
            sender_id=transfer.sender_id,
            receiver_id=transfer.receiver_id,
            amount=transfer.amount,
            state=str(state),
        )
    )
