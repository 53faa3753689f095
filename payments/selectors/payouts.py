"""What can go back to where it came from, and what is on its way."""

from datetime import datetime

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from payments.models import Payment, Refund
from payments.rules.order_states import PaymentState
from payments.rules.payouts import REFUNDABLE_FOR
from payments.rules.refund_states import RefundState
from wallet_project.kit.money import Fen


def refundable_top_ups(user_id: int, *, at: datetime) -> list[tuple[int, Fen]]:
    """Paid top-ups that WeChat still refunds, the newest first: payment id and what is left of it."""
    paid = Payment.objects.filter(
        payer=user_id,
        top_up__isnull=False,
        state=PaymentState.PAID,
        settled_at__gt=at - REFUNDABLE_FOR,
    )
    kept = ~Q(payouts__state=RefundState.CLOSED)
    left = F("from_channel") - Coalesce(Sum("payouts__amount", filter=kept), 0)
    return list(paid.annotate(left=left).order_by("-settled_at").values_list("pk", "left"))


def payouts_of(user_id: int) -> QuerySet[Refund]:
    """Their own money that went back to WeChat, or is on its way; newest first."""
    return Refund.objects.filter(payment__payer=user_id).order_by("-pk")
