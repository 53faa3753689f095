"""Which tiers there are, and where somebody stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, Q, QuerySet, Subquery, Sum

from coupons.models import GrowthEntry, GrowthRule, Membership, MembershipChange, MembershipTier
from coupons.rules.membership import Rung, counts_from, counts_until, rung_of
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock


@dataclass(frozen=True, kw_only=True)
class Standing:
    """
    `value` counts now; of it `value_ending` counts no more from `ends_on` on. `next_tier` needs `missing`
    more; None: there is no higher one.
    """

    tier: MembershipTier
    value: int
    value_ending: int
    ends_on: date
    next_tier: MembershipTier | None
    missing: int
    protected_until: date | None
    grace_until: date | None


def tiers_in_force() -> QuerySet[MembershipTier]:
    """From the lowest, which needs nothing: it came with the tables and cannot be ended."""
    tiers = MembershipTier.objects.filter(state=AgreedState.LIVE)
    return tiers.select_related("template").order_by("threshold")


def tier_of(user_id: int) -> MembershipTier:
    """What this person's membership gives them now; one query."""
    mine = Membership.objects.filter(pk=user_id).values("tier")
    tiers = list(tiers_in_force().annotate(mine=Subquery(mine)))
    return tier_among(tiers, tiers[0].mine)


def growth_rules() -> dict[str, int]:
    """How much an event makes grow; what is not there does not."""
    return dict(GrowthRule.objects.filter(state=AgreedState.LIVE).values_list("event", "value"))


def value_of(user_id: int, *, on: date) -> int:
    """What counts on a day; one query."""
    counted = GrowthEntry.objects.filter(user=user_id, counted_on__gte=counts_from(on), counted_on__lte=on)
    total: int = counted.aggregate(total=Sum("value"))["total"] or 0
    return total


def standing_of(user_id: int, *, at: datetime) -> Standing:
    """Three queries."""
    today = clock.business_day(at)
    tiers = list(tiers_in_force())
    mine = Membership.objects.filter(pk=user_id).first()
    counted = GrowthEntry.objects.filter(
        user=user_id, counted_on__gte=counts_from(today), counted_on__lte=today
    )
    by_month = counted.values_list("counted_on__year", "counted_on__month").order_by(
        "counted_on__year", "counted_on__month"
    )
    months = [(date(year, month, 1), value) for year, month, value in by_month.annotate(total=Sum("value"))]
    value = sum(each for _month, each in months)
    first, ending = next(((month, each) for month, each in months if each), (today, 0))
    tier = tier_among(tiers, mine.tier if mine else None)
    higher = next((each for each in tiers if each.threshold > tier.threshold), None)
    protected = mine.protected_until if mine and mine.protected_until > today else None
    return Standing(
        tier=tier,
        value=value,
        value_ending=ending,
        ends_on=counts_until(first),
        next_tier=higher,
        missing=max(higher.threshold - value, 0) if higher else 0,
        protected_until=protected,
        grace_until=mine.grace_until if mine else None,
    )


def memberships_to_review(today: date) -> QuerySet[Membership]:
    """Whose value is of an earlier month or from before a tier was changed, and whose grace is over."""
    changed = tiers_in_force().aggregate(last=Max("live_at"))["last"]
    since = max(today.replace(day=1), clock.business_day(changed) + timedelta(days=1))
    return Membership.objects.filter(Q(valued_on__lt=since) | Q(grace_until__lte=today))


def growth_of(user_id: int) -> QuerySet[GrowthEntry]:
    return GrowthEntry.objects.filter(user=user_id)


def changes_of(user_id: int) -> QuerySet[MembershipChange]:
    return MembershipChange.objects.filter(user=user_id)


def rungs_in_force() -> list[Rung]:
    return [tier.rung for tier in tiers_in_force()]


def tier_among(tiers: Sequence[MembershipTier], code: str | None) -> MembershipTier:
    """Of all in force, the one that somebody with this code has; None: nobody's, so the lowest."""
    rung = rung_of([tier.rung for tier in tiers], code or "")
    return next(tier for tier in tiers if tier.code == rung.code)


def tier_called(code: str) -> MembershipTier:
    """The newest of this code, also when it has ended."""
    return MembershipTier.objects.filter(code=code).latest("pk")
