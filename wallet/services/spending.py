"""A customer spends: from the wallet, through WeChat, or both at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from wallet.rules.kinds import JournalKind, RecordKind
from wallet.rules.postings import Leg, order_payment_legs
from wallet.services.holds import capture_hold
from wallet.services.ledger import PostedJournal, post_journal
from wallet.services.records import write_record
from wallet.services.wallets import open_wallet
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


def book_payment(
    *,
    user_id: int,
    hold_id: int | None,
    balance: Fen,
    channel_amount: Fen,
    key: str,
    reference: str,
    title: str,
    counterparty: str,
    counterparty_name: str,
    facts: Mapping[str, Any],
    discount: Sequence[Leg] = (),
    channel_at: str = "wechat_clearing",
) -> PostedJournal:
    """
    Book one paid order in one journal: `balance`, which is all of the hold, what WeChat collected, which is
    at the account `channel_at`, and what `discount`, the legs of promises, pays. The customer's records get
    one line, which says where the money went: `counterparty` is store:renmin or shop:web-shop.

    Must be called inside the transaction that decided so; does nothing the second time.

    :raises HoldExhausted: the hold was let go in the meantime; nothing is booked
    """
    require_transaction()
    legs = order_payment_legs(
        balance=balance, channel=channel_amount, discount=discount, channel_at=channel_at
    )
    if hold_id:
        journal = capture_hold(
            hold_id=hold_id,
            kind=JournalKind.ORDER_PAYMENT,
            key=key,
            legs=legs,
            facts=facts,
            reference=reference,
        )
    else:
        journal = post_journal(
            kind=JournalKind.ORDER_PAYMENT, key=key, legs=legs, facts=facts, reference=reference
        )
    if not journal.replayed:
        write_record(
            wallet_id=open_wallet(user_id=user_id).pk,
            journal=journal,
            kind=RecordKind.PAYMENT,
            title=title,
            reference=reference,
            balance_amount=balance,
            channel_amount=channel_amount,
            discount_amount=Fen(-sum(leg.amount for leg in discount)),
            counterparty=counterparty,
            counterparty_name=counterparty_name,
        )
    return journal
