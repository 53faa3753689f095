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
