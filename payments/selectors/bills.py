"""A customer's bills, and those that are not over."""

from datetime import datetime

from django.db.models import QuerySet

from payments.models import BillPayment
from payments.rules.bills import UNDECIDED
from wallet_project.kit.errors import NotFound
from wallet_project.kit.serials import is_serial


def bills_of(user_id: int) -> QuerySet[BillPayment]:
    """Their payments of bills with whom they paid; newest first by id."""
    return BillPayment.objects.filter(user=user_id).select_related("payee__biller")


def bill_for(user_id: int, number: str) -> BillPayment:
    """
    :raises NotFound: no such payment, or somebody else's: the two look alike
    """
    found = bills_of(user_id).filter(number=number).first() if is_serial(number, "B") else None
    if found is None:
        raise NotFound
    return found


def bills_under_way() -> QuerySet[BillPayment]:
    return BillPayment.objects.filter(state__in=UNDECIDED)


def bills_to_ask_about(at: datetime) -> QuerySet[BillPayment]:
    """Those whose turn has come: under way, or paid and perhaps sent back."""
    return BillPayment.objects.filter(next_query_at__lte=at).order_by("next_query_at")
