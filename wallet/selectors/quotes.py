"""How much of a month's free quota is used, and what there is to pay with."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from wallet.models import Quote, QuoteState
from wallet.rules.fees import FreeQuota
from wallet.rules.kinds import MoveKind
from wallet.selectors.balances import balance_of, own_money_of
from wallet_project.kit.money import ZERO, Fen


def used_quota(user_id: int, *, kind: str, month: str) -> FreeQuota:
    """What taken quotes have used and open ones reserve, in one query."""
    holding = Quote.objects.filter(
        user=user_id, kind=kind, month=month, state__in=(QuoteState.OPEN, QuoteState.TAKEN)
    )
    used = holding.aggregate(moves=Sum("free_moves", default=0), amount=Sum("free_amount", default=0))
    return FreeQuota(moves=used["moves"], amount=Fen(used["amount"]))


@dataclass(frozen=True, kw_only=True)
class Means:
    """What of a balance may pay for a kind of move: so much of it may be moved, and so much with the fee."""

    amount: Fen
    total: Fen


def means_for(user_id: int, *, kind: str, at: datetime) -> Means | None:
    """What of this user's balance may pay for such a move now; None: the balance does not pay for it."""
    if kind == MoveKind.TOP_UP:
        return None
    balance = balance_of(user_id)
    if balance.frozen or balance.closed:
        return Means(amount=ZERO, total=ZERO)
    if kind == MoveKind.PAY:
        return Means(amount=balance.available, total=balance.available)
    own = own_money_of(user_id, balance=balance, at=at)
    most = own.withdrawable if kind == MoveKind.WITHDRAW else own.sendable
    return Means(amount=most, total=own.sendable)
