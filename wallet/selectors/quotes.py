"""How much of a month's free quota is used, and what there is to pay with."""

from django.db.models import Sum

from wallet.models import Quote, QuoteState
from wallet.rules.fees import FreeQuota
from wallet.rules.kinds import MoveKind
from wallet.selectors.balances import balance_of
from wallet_project.kit.money import ZERO, Fen


def used_quota(user_id: int, *, kind: str, month: str) -> FreeQuota:
    """What taken quotes have used and open ones reserve, in one query."""
    holding = Quote.objects.filter(
        user=user_id, kind=kind, month=month, state__in=(QuoteState.OPEN, QuoteState.TAKEN)
    )
    used = holding.aggregate(moves=Sum("free_moves", default=0), amount=Sum("free_amount", default=0))
    return FreeQuota(moves=used["moves"], amount=Fen(used["amount"]))


def spendable_for(user_id: int, *, kind: str) -> Fen | None:
    """What of this user's balance may pay for such a move now; None: the balance does not pay for it."""
    if kind == MoveKind.TOP_UP:
        return None
    balance = balance_of(user_id)
    if balance.frozen or balance.closed:
        return ZERO
    return balance.available if kind == MoveKind.PAY else balance.withdrawable
