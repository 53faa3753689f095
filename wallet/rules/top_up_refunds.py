"""
What a customer gets back of a top-up, and what becomes of the gift that came with it.

After 法释〔2025〕4号 (prepaid consumption): within seven days what is wholly unused goes back without a
reason (art. 14). Later, for a reason of the customer's own, what was used counts at its full price, so that a
gift that was used is paid for; nobody ever owes more than they paid in (art. 19, 20). Where it is the
merchant's fault, what was used counts at the discount that the gift made (art. 18).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import ZERO, Fen

NO_REASON_FOR = timedelta(days=7)
# WeChat refunds for a year (doc 4012791862); a day is left for those it does not accept at once.
REFUNDABLE_FOR = timedelta(days=364)


class RefundCause(TextChoices):
    NO_REASON = "NO_REASON", _("七日内无理由退款")
    CUSTOMER = "CUSTOMER", _("个人原因退款")
    MERCHANT = "MERCHANT", _("商家原因退款")


@dataclass(frozen=True, kw_only=True)
class ToppedUp:
    """
    One top-up and its gift, in fen: what was paid and given, how much of each is left and unspent, and how
    much of what was paid went back to the customer before.
    """

    paid: Fen
    paid_left: Fen
    returned: Fen = ZERO
    given: Fen = ZERO
    given_left: Fen = ZERO
    given_expired: Fen = ZERO
    credited_at: datetime

    @property
    def given_used(self) -> Fen:
        return Fen(self.given - self.given_left - self.given_expired)

    @property
    def used(self) -> Fen:
        return Fen(self.paid - self.returned - self.paid_left + self.given_used)


@dataclass(frozen=True, kw_only=True)
class RefundPlan:
    """
    What leaves the wallet, own money and gift, and what of it the customer gets; the rest of the gift, and
    what they pay for the gift they used (`charged`), is ours again.
    """

    cause: RefundCause
    paid_back: Fen
    own_taken: Fen
    gift_taken: Fen

    @property
    def charged(self) -> Fen:
        return Fen(max(self.own_taken - self.paid_back, 0))


def cause_of(top_up: ToppedUp, *, at: datetime) -> RefundCause:
    """Why a customer who asks now, and says nothing, gets it back."""
    untouched = not top_up.used and not top_up.returned
    return (
        RefundCause.NO_REASON
        if untouched and at - top_up.credited_at < NO_REASON_FOR
        else RefundCause.CUSTOMER
    )


def plan_refund(top_up: ToppedUp, cause: RefundCause) -> RefundPlan:
    """At most what was paid; for the merchant's fault never less than for the customer's reason."""
    if cause is RefundCause.MERCHANT:
        # The price of what was used, rounded in the customer's favour.
        price_of_used = top_up.used * top_up.paid // (top_up.paid + top_up.given)
        paid_back = max(top_up.paid - top_up.returned - price_of_used, 0)
    else:
        paid_back = max(top_up.paid_left - top_up.given_used, 0)
    return RefundPlan(
        cause=cause, paid_back=Fen(paid_back), own_taken=top_up.paid_left, gift_taken=top_up.given_left
    )
