"""A customer pays a bill: promise, pay, give back. Talking to the biller is the business of payments."""

from dataclasses import dataclass

from django.db import transaction

from wallet.errors import WalletClosed
from wallet.models import Hold
from wallet.rules.kinds import JournalKind, RecordKind
from wallet.rules.postings import bill_legs, bill_returned_legs
from wallet.rules.spend_order import OWN_MONEY
from wallet.services.holds import capture_hold, place_hold
from wallet.services.ledger import Lots, PostedJournal, post_journal
from wallet.services.own_money import lots_to_send, require_sendable
from wallet.services.records import write_record
from wallet.services.wallets import open_wallet
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import ZERO, Fen


@dataclass(frozen=True, kw_only=True)
class BillMoney:
    """
    `amount` fen are for the biller, `fee` fen for us. `biller` is its code; the customer reads `title` and
    `biller_name`.
    """

    user_id: int
    number: str
    amount: Fen
    fee: Fen
    title: str
    biller: str
    biller_name: str

    @property
    def total(self) -> Fen:
        return Fen(self.amount + self.fee)


def hold_for_bill(*, user_id: int, amount: Fen, fee: Fen, number: str) -> Hold:
    """
    Promise amount and fee out of the customer's own money.

    :raises InsufficientBalance: there is not that much own money free
    :raises PackageMoneyStays: what is free came in packages
    :raises WalletFrozen: nothing leaves this wallet at the moment
    :raises WalletClosed: its owner has left
    """
    require_transaction()
    wallet_id = open_wallet(user_id=user_id).pk
    require_sendable(wallet_id=wallet_id, amount=Fen(amount + fee))
    return place_hold(
        wallet_id=wallet_id,
        amount=Fen(amount + fee),
        key=f"hold:{number}",
        reference=number,
        spend_order=OWN_MONEY,
    )


def book_bill(money: BillMoney, *, hold_id: int) -> PostedJournal:
    """
    The bill is paid: all of the hold goes, and the customer's records get one line.

    Must be called inside the transaction that decided so, once.
    """
    require_transaction()
    journal = capture_hold(
        hold_id=hold_id,
        kind=JournalKind.BILL_PAYMENT,
        key=f"bill:{money.number}",
        legs=bill_legs(amount=money.amount, fee=money.fee),
        reference=money.number,
        facts={"biller": money.biller},
        lots=lots_to_send(wallet_id=open_wallet(user_id=money.user_id).pk, amount=money.total),
    )
    _write(money, journal, kind=RecordKind.BILL, title=money.title, fee=money.fee)
    return journal


def return_bill(money: BillMoney, *, journal_id: int) -> PostedJournal:
    """
    The biller sent it back: amount and fee return to the lots that `journal_id` took them from.

    Must be called inside the transaction that decided so; does nothing the second time.

    :raises WalletClosed: its owner has left; nothing is booked
    """
    require_transaction()
    wallet_id = open_wallet(user_id=money.user_id).pk
    with transaction.atomic():  # whoever catches WalletClosed goes on in the same transaction
        journal = post_journal(
            kind=JournalKind.BILL_RETURNED,
            key=f"bill_returned:{money.number}",
            legs=bill_returned_legs(wallet_id=wallet_id, amount=money.amount, fee=money.fee),
            reference=money.number,
            lots=Lots(restores=journal_id, owed=True),
        )
    if not journal.replayed:
        _write(money, journal, kind=RecordKind.BILL_RETURNED, title=f"{money.title}退回")
    return journal


def keep_returned_bill(money: BillMoney) -> PostedJournal:
    """The biller sent back what belongs to somebody who has left: it waits in suspense for a person."""
    require_transaction()
    return post_journal(
        kind=JournalKind.BILL_RETURNED,
        key=f"bill_returned:{money.number}",
        legs=bill_returned_legs(wallet_id=None, amount=money.amount, fee=money.fee),
        reference=money.number,
        facts={"reason": WalletClosed.code},
    )


def _write(
    money: BillMoney, journal: PostedJournal, *, kind: RecordKind, title: str, fee: Fen = ZERO
) -> None:
    write_record(
        wallet_id=open_wallet(user_id=money.user_id).pk,
        journal=journal,
        kind=kind,
        title=title,
        reference=money.number,
        balance_amount=money.total,
        fee=fee,
        counterparty=f"biller:{money.biller}",
        counterparty_name=money.biller_name,
    )
