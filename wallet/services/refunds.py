"""A paid order is taken back in part or whole. Talking to WeChat is the business of payments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from wallet.errors import WalletClosed
from wallet.rules.kinds import JournalKind, RecordKind
from wallet.rules.postings import Leg, order_refund_legs, refund_settled_legs, refund_to_balance_legs
from wallet.selectors.spending import spent_on
from wallet.services.ledger import Lots, PostedJournal, post_journal
from wallet.services.records import write_record
from wallet.services.wallets import open_wallet
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class RefundMoney:
    """
    `back` fen return to the accounts of the payer's wallet that paid them, `channel` fen through WeChat;
    `discount` are the legs of promises that had paid.
    `number` is the refund's, `order_no` the order's; the customer reads `title` and `counterparty_name`.
    """

    user_id: int
    number: str
    order_no: str
    back: Mapping[str, Fen]
    channel: Fen
    discount: Sequence[Leg] = ()
    title: str
    counterparty: str
    counterparty_name: str


def book_refund(money: RefundMoney) -> PostedJournal:
    """
    The sale is undone by so much: the wallet has its part now, in the lots that had paid, and what WeChat has
    to give back waits in clearing. A frozen wallet takes it in: it is its owner's already.

    Must be called inside the transaction that decided so; does nothing the second time.

    :raises WalletClosed: the payer has left; nothing is booked
    :raises LotExhausted: the order took less from one of these accounts than has come back to it
    """
    require_transaction()
    wallet = open_wallet(user_id=money.user_id)
    paid_by = spent_on(money.order_no, user_id=money.user_id)
    restored = Lots(restores=paid_by.journal_id, owed=True) if money.back else None
    with transaction.atomic():  # whoever catches WalletClosed goes on in the same transaction
        journal = _post(money, wallet_id=wallet.pk, lots=restored)
    if not journal.replayed and not wallet.is_closed:
        write_record(
            wallet_id=wallet.pk,
            journal=journal,
            kind=RecordKind.REFUND,
            title=f"退款：{money.title}",
            reference=money.order_no,
            balance_amount=Fen(sum(money.back.values())),
            channel_amount=money.channel,
            discount_amount=Fen(sum(leg.amount for leg in money.discount)),
            counterparty=money.counterparty,
            counterparty_name=money.counterparty_name,
        )
    return journal


def book_unclaimed_refund(money: RefundMoney) -> PostedJournal:
    """The same where the payer has left: the wallet's part waits in suspense for a person."""
    require_transaction()
    return _post(money, wallet_id=None, lots=None)


def settle_refund(*, amount: Fen, number: str, refund_id: str) -> None:
    """
    WeChat has given its part of a refund to the payer; does nothing the second time.

    :raises KeyReused: that part was given to the wallet before
    """
    post_journal(
        kind=JournalKind.REFUND_SETTLED,
        key=f"refund_settled:{number}",
        legs=refund_settled_legs(amount=amount, number=number),
        reference=number,
        facts={"refund_id": refund_id},
    )


def refund_to_balance(*, user_id: int, amount: Fen, number: str) -> PostedJournal:
    """
    WeChat will not give its part of a refund back: the payer has it as own money here.

    Must be called inside the transaction that decided so; does nothing the second time.

    :raises WalletClosed: the payer has left; nothing is booked
    :raises KeyReused: WeChat gave it back before
    """
    require_transaction()
    wallet = open_wallet(user_id=user_id)
    with transaction.atomic():
        journal = post_journal(
            kind=JournalKind.REFUND_TO_BALANCE,
            key=f"refund_settled:{number}",
            legs=refund_to_balance_legs(wallet_id=wallet.pk, amount=amount, number=number),
            reference=number,
            lots=Lots(source=number, owed=True),
        )
    if not journal.replayed:
        write_record(
            wallet_id=wallet.pk,
            journal=journal,
            kind=RecordKind.REFUND_TO_BALANCE,
            title="退款转入余额",
            reference=number,
            balance_amount=amount,
        )
    return journal


def _post(money: RefundMoney, *, wallet_id: int | None, lots: Lots | None) -> PostedJournal:
    return post_journal(
        kind=JournalKind.ORDER_REFUND,
        key=f"order_refund:{money.number}",
        legs=order_refund_legs(
            wallet_id=wallet_id,
            back=money.back,
            channel=money.channel,
            number=money.number,
            discount=money.discount,
        ),
        reference=money.number,
        facts={"order": money.order_no, **({"reason": WalletClosed.code} if wallet_id is None else {})},
        lots=lots,
    )
