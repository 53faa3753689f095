"""What people do makes them grow, and what they take back, no longer."""

from datetime import date

from coupons.models import GrowthEntry, Membership, Purchase
from coupons.rules.membership import GrowthEvent, grown_by
from coupons.selectors.membership import growth_rules
from coupons.services.membership import lock_membership, regrade
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction


def grow(*, user_id: int, event: GrowthEvent, occasion: str = "") -> None:
    """
    By the rule in force for this event; once in a life, or per `occasion`, say a day or a task.

    Must be called in a transaction; does nothing the second time.
    """
    require_transaction()
    if value := growth_rules().get(event):
        membership = lock_membership(user_id)
        source = f"{event}:{user_id}:{occasion}"
        if not GrowthEntry.objects.filter(source=source).exists():
            today = clock.business_day(clock.now())
            _write(membership, event, value, source=source, title=str(event.label), counted_on=today)


def grow_by_purchase(*, reference: str) -> None:
    """
    By what somebody paid of their own and has not had back.

    Must be called in a transaction; does nothing the second time.
    """
    require_transaction()
    membership, purchase = _lock(reference)
    if not GrowthEntry.objects.filter(source=_source(reference, 0)).exists():
        _settle(membership, purchase, per_yuan=growth_rules().get(GrowthEvent.SPENT, 0), nth=0, so_far=0)


def shrink_by_return(*, reference: str) -> None:
    """
    What is left of a purchase counts as if it had been all of it, by the rule of its day.

    Must be called in a transaction; does nothing the second time.
    """
    require_transaction()
    membership, purchase = _lock(reference)
    earlier = list(GrowthEntry.objects.filter(reference=reference).order_by("pk"))
    if earlier:
        so_far = sum(entry.value for entry in earlier)
        _settle(membership, purchase, per_yuan=earlier[0].per_yuan, nth=len(earlier), so_far=so_far)


def _lock(reference: str) -> tuple[Membership, Purchase]:
    """What went back may be heard of before what was bought; so it is read when nobody else does."""
    membership = lock_membership(Purchase.objects.values_list("user_id", flat=True).get(reference=reference))
    return membership, Purchase.objects.get(reference=reference)


def _settle(membership: Membership, purchase: Purchase, *, per_yuan: int, nth: int, so_far: int) -> None:
    if value := grown_by(own=purchase.left.own, per_yuan=per_yuan) - so_far:
        _write(
            membership,
            GrowthEvent.SPENT,
            value,
            per_yuan=per_yuan,
            source=_source(purchase.reference, nth),
            title=purchase.title,
            reference=purchase.reference,
            counted_on=clock.business_day(purchase.paid_at),
        )


def _write(
    membership: Membership,
    event: GrowthEvent,
    value: int,
    *,
    source: str,
    title: str,
    counted_on: date,
    per_yuan: int = 0,
    reference: str = "",
) -> None:
    grown = GrowthEntry.objects.create(
        user_id=membership.user_id,
        event=event,
        value=value,
        per_yuan=per_yuan,
        title=title,
        source=source,
        reference=reference,
        counted_on=counted_on,
        at=clock.now(),
    )
    regrade(membership, grown=grown)


def _source(reference: str, nth: int) -> str:
    return f"purchase:{reference}:{nth}"
