"""What can go back to where it came from, and what is on its way."""

from datetime import datetime

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from payments.models import Payment, Refund
from payments.rules.order_states import PaymentState
from payments.rules.payouts import Source
from payments.rules.refund_states import RefundState
from wallet.rules.top_up_refunds import REFUNDABLE_FOR
from wallet.selectors.lots import top_up_lots_of
from wallet_project.kit.money import Fen

# Of a payment: what went back to its payer, or is on its way.
RETURNED = Coalesce(Sum("payouts__amount", filter=~Q(payouts__state=RefundState.CLOSED)), 0)


def refundable_top_ups(user_id: int, *, at: datetime) -> list[Source]:
    """
    Paid top-ups that WeChat still refunds and that are not wholly spent, the oldest first, in two queries.

    What can go back of each is what is left of it in the wallet, and at WeChat. One that came with a gift is
    not among them: it goes back by top_up_refunds only, where the gift is settled with it.
    """
    lots = top_up_lots_of(user_id)
    paid = Payment.objects.filter(
        payer=user_id,
        top_up__isnull=False,
        top_up__package__isnull=True,
        state=PaymentState.PAID,
        settled_at__gt=at - REFUNDABLE_FOR,
        top_up__number__in=lots,
    )
    found = (
        paid.annotate(left=F("from_channel") - RETURNED)
        .order_by("settled_at", "pk")
        .values_list("pk", "top_up__number", "left")
    )
    return [
        Source(payment_id=pk, lot_id=lots[number].pk, left=Fen(min(left, lots[number].remaining)))
        for pk, number, left in found
    ]


def payouts_of(user_id: int) -> QuerySet[Refund]:
    """Their own money that went back to WeChat, or is on its way; newest first."""
    return Refund.objects.filter(payment__payer=user_id).order_by("-pk")
