"""Promise money, then take it or let it go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from wallet.models import Hold, HoldEventKind
from wallet.rules.postings import Leg
from wallet.rules.spend_order import SPEND_ORDERS, Spending, SpendOrder
from wallet.services.ledger import Lots, PostedJournal, amounts_by_account, post_amounts, refusals_as_errors
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.money import Fen
from wallet_project.kit.rows import get_answer

_EXPIRE_AT_ONCE = 500


@retry_conflicts
def place_hold(
    *,
    wallet_id: int,
    amount: Fen,
    key: str,
    reference: str,
    spend_order: SpendOrder = SPEND_ORDERS[Spending.GIVEN_FIRST],
    expires_at: datetime | None = None,
) -> Hold:
    """
    Set an amount aside out of a wallet's accounts, in this spend order: all of it or nothing.

    The same key, wallet, amount and reference answer with the first hold. Give `expires_at` only when letting
    go at that time is right whatever else is going on.

    :raises InsufficientBalance: the wallet has not that much available
    :raises WalletFrozen: the wallet promises nothing at the moment
    :raises KeyReused: the key belongs to another hold
    """
    with refusals_as_errors(key=key):
        return get_answer(
            Hold,
            "SELECT * FROM ledger_place_hold(%s, %s, %s, %s, %s, %s, %s)",
            [
                wallet_id,
                amount,
                key,
                reference,
                expires_at,
                list(spend_order.accounts),
                spend_order.share_alike,
            ],
        )


@retry_conflicts
def capture_hold(
    *,
    hold_id: int,
    kind: str,
    key: str,
    legs: Sequence[Leg],
    facts: Mapping[str, Any] | None = None,
    reference: str = "",
    lots: Lots | None = None,
) -> PostedJournal:
    """
    Post `legs` and take what they sum to out of the hold, in one journal: all-or-nothing.

    [merchant_sales +9,999, wechat_clearing −6,499] takes 3,500. Whatever is left of the hold stays held until
    it is captured or voided. A freeze does not stop it: this money was promised before.

    :raises HoldExhausted: the hold has less left than that, or was let go
    :raises LotExhausted: a lot that it is to be taken from has less left
    :raises KeyReused: the key belongs to another journal
    """
    amounts = amounts_by_account(legs, key=key)
    return post_amounts(
        kind=kind,
        key=key,
        amounts=amounts,
        facts=facts,
        reference=reference,
        hold=hold_id,
        captured=sum(amounts.values()),
        lots=lots,
    )


@retry_conflicts
def void_hold(*, hold_id: int) -> Fen:
    """Let go of whatever is still held; returns how much that was, 0 the second time."""
    return _release(hold_id=hold_id, kind=HoldEventKind.VOIDED)


def expire_holds() -> int:
    """Let go of the holds whose time is over; returns how many. Each is a transaction of its own."""
    due = Hold.objects.filter(expires_at__lte=clock.now()).still_open()
    hold_ids = list(due.order_by("expires_at").values_list("pk", flat=True)[:_EXPIRE_AT_ONCE])
    for hold_id in hold_ids:
        _release(hold_id=hold_id, kind=HoldEventKind.EXPIRED)
    return len(hold_ids)


def _release(*, hold_id: int, kind: str) -> Fen:
    with refusals_as_errors(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_release_hold(%s, %s)", [hold_id, kind])
        return Fen(cursor.fetchone()[0])
