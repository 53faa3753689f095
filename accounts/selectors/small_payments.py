"""What a customer may pay without a PIN."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.models import DailySpending, SmallPayments
from accounts.rules.step_up import OperationKind
from wallet_project.kit import clock


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """Fen, of the Shanghai day. The caps are the customer's, the `…_up_to` what they may choose at most."""

    is_on: bool
    per_payment: int
    per_day: int
    spent_today: int
    per_payment_up_to: int
    per_day_up_to: int


def allowance_of(user_id: int, *, at: datetime) -> Allowance:
    """Two queries."""
    chosen = SmallPayments.objects.filter(user_id=user_id).first()
    today = DailySpending.objects.filter(
        user_id=user_id, kind=OperationKind.ORDER_PAY, day=clock.business_day(at)
    ).first()
    return Allowance(
        is_on=chosen is not None and chosen.is_on,
        per_payment=chosen.per_payment if chosen else 0,
        per_day=chosen.per_day if chosen else 0,
        spent_today=today.without_pin if today else 0,
        per_payment_up_to=settings.SMALL_PAYMENT_MAX,
        per_day_up_to=settings.SMALL_PAYMENTS_DAY_MAX,
    )
