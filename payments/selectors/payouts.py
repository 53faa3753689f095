"""What can go back to where it came from, and what is on its way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from payments.models import MerchantTransfer, Payment, Refund
from payments.rules.order_refunds import REFUNDS_PER_ORDER
from payments.rules.order_states import PaymentState
from payments.rules.payouts import Source
from payments.rules.refund_states import RefundState
from payments.rules.transfers import UNDECIDED
from payments.selectors.transfers import Confirmation, confirmation_of, transfers_of
from wallet.rules.top_up_refunds import REFUNDABLE_FOR
from wallet.selectors.lots import top_up_lots_of
from wallet_project.kit.money import Fen

# Of a payment: what went back to its payer, or is on its way; and in how many refunds, those that WeChat took
# and closed among them.
RETURNED = Coalesce(Sum("payouts__amount", filter=~Q(payouts__state=RefundState.CLOSED)), 0)
TIMES_RETURNED = Count("payouts", filter=~Q(payouts__state=RefundState.CLOSED, payouts__refund_id=None))


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
        paid.annotate(left=F("from_channel") - RETURNED, times=TIMES_RETURNED)
        .filter(times__lt=REFUNDS_PER_ORDER)
        .order_by("settled_at", "pk")
        .values_list("pk", "top_up__number", "left")
    )
    return [
        Source(payment_id=pk, lot_id=lots[number].pk, left=Fen(min(left, lots[number].remaining)))
        for pk, number, left in found
    ]


def gone_otherwise(start: datetime, end: datetime) -> Fen:
    """Fen of own money that went out in [start, end) by no withdrawal: closures, refunds of top-ups."""
    begun: dict[str, Any] = {"withdrawal": None, "created_at__gte": start, "created_at__lt": end}
    refunds = Refund.objects.filter(payment__isnull=False, **begun)
    transfers = MerchantTransfer.objects.filter(**begun)
    sums = [found.aggregate(total=Sum("amount", default=0))["total"] for found in (refunds, transfers)]
    return Fen(sum(sums))


@dataclass(frozen=True, kw_only=True)
class Payout:
    """Own money that went to WeChat, or is on its way: a refund, or a transfer that its customer confirms."""

    number: str
    amount: Fen
    state: str
    state_name: str
    created_at: datetime
    confirm: Confirmation | None = None


def payouts_of(user_id: int, *, most: int) -> list[Payout]:
    """The newest first, in two queries."""
    refunds = Refund.objects.filter(payment__payer=user_id).order_by("-created_at")[:most]
    found = [*map(payout_of, refunds), *map(payout_of, transfers_of(user_id)[:most])]
    return sorted(found, key=lambda payout: payout.created_at, reverse=True)[:most]


def payout_of(begun: Refund | MerchantTransfer) -> Payout:
    transfer = begun if isinstance(begun, MerchantTransfer) else None
    return Payout(
        number=begun.number,
        amount=Fen(begun.amount),
        state=str(begun.state),
        state_name=transfer.state_in_words if transfer else begun.get_state_display(),
        created_at=begun.created_at,
        confirm=confirmation_of(transfer) if transfer else None,
    )


def has_transfer_under_way(user_id: int) -> bool:
    """Somebody who leaves takes one along at a time."""
    return transfers_of(user_id).filter(withdrawal=None, state__in=UNDECIDED).exists()
