"""What would come back of a top-up now."""

from dataclasses import dataclass
from datetime import datetime

from payments.errors import TopUpNotRefundable
from payments.models import Payment
from payments.rules.order_refunds import REFUNDS_PER_ORDER
from payments.rules.order_states import PaymentState
from payments.selectors.payouts import RETURNED, TIMES_RETURNED
from wallet.rules.top_up_refunds import (
    REFUNDABLE_FOR,
    RefundCause,
    RefundPlan,
    ToppedUp,
    cause_of,
    plan_refund,
)
from wallet.selectors.lots import topped_up
from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class RefundOffer:
    """A paid top-up, what is left of it, and what its refund would be; until when WeChat takes it back."""

    payment: Payment
    wallet_id: int
    top_up: ToppedUp
    plan: RefundPlan
    until: datetime

    @property
    def kept(self) -> Fen:
        """What of the top-up stays with us: it was spent."""
        return Fen(self.top_up.paid - self.top_up.returned - self.plan.own_taken)


def refund_offer(*, top_up_no: str, at: datetime, cause: RefundCause | None = None) -> RefundOffer:
    """
    Without a cause: what the customer gets who asks for it now, in three queries.

    :raises TopUpNotRefundable: nothing of it can go back
    """
    paid = Payment.objects.select_related("top_up").filter(
        top_up__number=top_up_no, state=PaymentState.PAID, settled_at__gt=at - REFUNDABLE_FOR
    )
    payment = (
        paid.annotate(returned=RETURNED, times=TIMES_RETURNED).filter(times__lt=REFUNDS_PER_ORDER).first()
    )
    if payment is None or payment.top_up is None or payment.settled_at is None:
        raise TopUpNotRefundable
    state = topped_up(payment.top_up, returned=Fen(payment.returned))
    if payment.top_up.package_id and not state.given:
        raise TopUpNotRefundable  # its gift is on its way and would be kept
    plan = plan_refund(state, cause or cause_of(state, at=at))
    if not plan.paid_back or not (plan.own_taken or plan.gift_taken):
        raise TopUpNotRefundable
    return RefundOffer(
        payment=payment,
        wallet_id=payment.top_up.wallet_id,
        top_up=state,
        plan=plan,
        until=payment.settled_at + REFUNDABLE_FOR,
    )
