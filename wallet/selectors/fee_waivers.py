"""Whose fees are spared."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from wallet.models import FeeWaiver, Quote, QuoteState


def waivers_for(user_id: int, *, kind: str, at: datetime, until: datetime) -> QuerySet[FeeWaiver]:
    """What spares such a fee from then until then and no quote has, the one that ends soonest first."""
    taken = Quote.objects.filter(waiver=OuterRef("pk"), state__in=(QuoteState.OPEN, QuoteState.TAKEN))
    living = FeeWaiver.objects.filter(user=user_id, ended_at=None, valid_from__lte=at, expires_at__gt=until)
    return living.filter(Q(kinds=[]) | Q(kinds__contains=kind), ~Exists(taken)).order_by("expires_at", "pk")


def has_waivers(user_id: int, *, at: datetime) -> bool:
    """There may be a fee to spare; a quick look before anything is locked."""
    return FeeWaiver.objects.filter(user=user_id, ended_at=None, expires_at__gt=at).exists()
