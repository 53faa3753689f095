"""How much of a month's free quota is used."""

from django.db.models import Sum

from wallet.models import Quote, QuoteState
from wallet.rules.fees import FreeQuota
from wallet_project.kit.money import Fen


def used_quota(user_id: int, *, kind: str, month: str) -> FreeQuota:
    """What taken quotes have used and open ones reserve, in one query."""
    holding = Quote.objects.filter(
        user=user_id, kind=kind, month=month, state__in=(QuoteState.OPEN, QuoteState.TAKEN)
    )
    used = holding.aggregate(moves=Sum("free_moves", default=0), amount=Sum("free_amount", default=0))
    return FreeQuota(moves=used["moves"], amount=Fen(used["amount"]))
