"""Attempts that are not final yet."""

from datetime import datetime

from django.db.models import QuerySet

from payments.models import Payment
from payments.rules.order_states import LIVE


def payments_to_query(at: datetime) -> QuerySet[Payment]:
    """Those whose turn has come and that may still be paid."""
    return _whose_turn_it_is(at).filter(expires_at__gt=at)


def expired_payments(at: datetime) -> QuerySet[Payment]:
    """Those whose turn has come and whose time is over: to be closed."""
    return _whose_turn_it_is(at).filter(expires_at__lte=at)


def _whose_turn_it_is(at: datetime) -> QuerySet[Payment]:
    return Payment.objects.filter(state__in=LIVE, next_query_at__lte=at).order_by("next_query_at")


def payment_named(*, number: str, transaction_id: str) -> Payment | None:
    """The attempt that WeChat means by its own number or, where it gives none, by ours; with what it paid."""
    known = Payment.objects.select_related("order", "top_up")
    if transaction_id and (found := known.filter(transaction_id=transaction_id).first()):
        return found
    return known.filter(number=number).first() if number else None
