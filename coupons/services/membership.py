"""
Where somebody stands moves with what they do, at once; what time takes is looked at every day, with notice.

Whoever changes somebody's membership locks it first. What the wallet has to know of it is said in the same
transaction.
"""

from datetime import date
from functools import partial

from django.db import transaction

from coupons.errors import TierUnknown
from coupons.events import MembershipChanged, MembershipEnding
from coupons.models import GrowthEntry, Membership, MembershipChange
from coupons.rules.membership import (
    ChangeCause,
    Place,
    after_growth,
    after_review,
    counts_from,
    protected_until,
    rung_of,
)
from coupons.selectors.membership import (
    memberships_to_review,
    rungs_in_force,
    tier_of,
    tiers_in_force,
    value_of,
)
from wallet.services.standing import set_standing
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.sweeps import sweep

_AT_ONCE = 500


def lock_membership(user_id: int) -> Membership:
    """Theirs alone until the transaction ends; begun where they had none."""
    require_transaction()
    memberships = Membership.objects.select_for_update(no_key=True)
    membership = memberships.filter(pk=user_id).first()
    if membership is None:
        today, lowest = clock.business_day(clock.now()), rungs_in_force()[0]
        first = Membership(user_id=user_id, tier=lowest.code, valued_on=today, protected_until=today)
        Membership.objects.bulk_create([first], ignore_conflicts=True)
        membership = memberships.get(pk=user_id)
    return membership


def regrade(membership: Membership, *, grown: GrowthEntry) -> None:
    """
    They stand where this makes them stand: up at once, and down at once where it was taken back.

    Must be called in the transaction that has written it, with their membership locked.
    """
    require_transaction()
    today = clock.business_day(clock.now())
    value = value_of(membership.user_id, on=today)
    before = value - (grown.value if grown.counted_on >= counts_from(today) else 0)
    place, cause = after_growth(membership.place, rungs_in_force(), before=before, value=value, today=today)
    _stand(membership, place, cause, value=value, today=today)


def review_memberships() -> int:
    """
    Look at whom a new month, the end of a grace or a new version of a tier concerns; returns at how many.
    Each is a transaction of its own, and two workers share the work.
    """
    today = clock.business_day(clock.now())
    due = memberships_to_review(today).order_by("pk").values_list("pk", flat=True)
    return sweep(
        due.iterator(chunk_size=_AT_ONCE),
        partial(_review, today=today),
        failed="coupons.membership.not_reviewed",
    )


def propose_tier(*, user_id: int, tier: str, months: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to give somebody a tier, for so many whole months after this one at least.

    :raises TierUnknown: there is no such tier
    :raises AlreadyProposed: somebody has asked already
    """
    names = dict(tiers_in_force().values_list("code", "name"))
    if tier not in names:
        raise TierUnknown
    now = Membership.objects.filter(pk=user_id).values_list("tier", flat=True).first()
    propose(
        kind="coupons.tier",
        subject=f"membership:{user_id}",
        facts={
            "user_id": user_id,
            "tier": tier,
            "months": months,
            "names": [names.get(now or "", next(iter(names.values()))), names[tier]],
            "reason": reason,
        },
        reason=reason,
        maker_id=maker_id,
    )


def give_tier(*, user_id: int, tier: str, months: int, reason: str, maker_id: int, checker_id: int) -> None:
    """
    In the transaction that approves it.

    :raises TierUnknown: there is no such tier any more
    """
    membership, rungs = lock_membership(user_id), rungs_in_force()
    rung = rung_of(rungs, tier)
    if rung.code != tier:
        raise TierUnknown
    today = clock.business_day(clock.now())
    place = Place(tier=tier, protected_until=protected_until(today, months=months))
    _stand(
        membership,
        place,
        ChangeCause.BY_HAND,
        value=value_of(user_id, on=today),
        today=today,
        reason=reason,
        maker_id=maker_id,
        checker_id=checker_id,
    )
    record_audit(
        action="coupons.membership.given",
        subject=f"user:{user_id}",
        facts={"tier": tier, "months": months, "reason": reason},
    )


def end_membership(*, user_id: int) -> None:
    """Whoever leaves has none, and nothing that they grew by; why their tier was what it was, stays."""
    require_transaction()
    Membership.objects.filter(pk=user_id).delete()
    GrowthEntry.objects.filter(user=user_id).delete()
    set_standing(user_id=user_id, fee_tier="", limit_uplift=0)


@transaction.atomic
def _review(user_id: int, *, today: date) -> bool:
    memberships = Membership.objects.select_for_update(no_key=True, skip_locked=True)
    membership = memberships.filter(pk=user_id).first()
    if membership is None:
        return False
    value = value_of(user_id, on=today)
    place, cause = after_review(membership.place, rungs_in_force(), value=value, today=today)
    _stand(membership, place, cause, value=value, today=today)
    _tell_wallet(membership)
    return True


def _stand(
    membership: Membership,
    place: Place,
    cause: ChangeCause | None,
    *,
    value: int,
    today: date,
    reason: str = "",
    maker_id: int | None = None,
    checker_id: int | None = None,
) -> None:
    before = membership.tier
    membership.tier, membership.protected_until = place.tier, place.protected_until
    membership.grace_until, membership.value, membership.valued_on = place.grace_until, value, today
    membership.save()
    if cause is None:
        return
    MembershipChange.objects.create(
        user_id=membership.user_id,
        before=before,
        after=place.tier,
        cause=cause,
        value=value,
        reason=reason,
        maker_id=maker_id,
        checker_id=checker_id,
        at=clock.now(),
    )
    if cause == ChangeCause.ENDING and place.grace_until:
        publish(
            MembershipEnding(
                user_id=membership.user_id, tier=place.tier, ends_on=place.grace_until.isoformat()
            )
        )
    if place.tier != before:
        _tell_wallet(membership)
        publish(
            MembershipChanged(user_id=membership.user_id, before=before, after=place.tier, cause=cause.value)
        )


def _tell_wallet(membership: Membership) -> None:
    tier = tier_of(membership.user_id)
    set_standing(user_id=membership.user_id, fee_tier=tier.fee_tier, limit_uplift=tier.limit_uplift)
