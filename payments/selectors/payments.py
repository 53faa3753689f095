"""Attempts that are not final yet."""

from datetime import datetime

from django.db.models import QuerySet

from payments.models import Payment
from payments.rules.order_states import LIVE


def payments_to_query(at: datetime) -> QuerySet[Payment]:
    return Payment.objects.filter(state__in=LIVE, next_query_at__lte=at).order_by("next_query_at")


def expired_payments(at: datetime) -> QuerySet[Payment]:
    return Payment.objects.filter(state__in=LIVE, expires_at__lte=at).order_by("expires_at")
