"""Which rules give points now, and what they would have given."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from coupons.models import Membership, MembershipTier, PointRule, Purchase
from coupons.rules.point_rules import EarnTerms, Spent, earned_by, within_day
from coupons.selectors.membership import tier_among, tiers_in_force
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock
from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What a rule would have given for a day's purchases."""

    purchases: int
    rewarded: int
    people: int
    points: int

    @property
    def in_words(self) -> str:
        return f"{self.purchases} 笔消费中 {self.rewarded} 笔得分，{self.people} 人共得 {self.points} 积分"


def rules_in_force(*events: str, at: datetime) -> QuerySet[PointRule]:
    rules = PointRule.objects.filter(state=AgreedState.LIVE, starts_at__lte=at)
    rules = rules.filter(Q(ends_at=None) | Q(ends_at__gt=at)).order_by("pk")
    return rules.filter(event__in=events) if events else rules


def spent_by(purchase: Purchase, *, tier: MembershipTier) -> Spent:
    return Spent(
        own=Fen(purchase.own),
        place=purchase.place,
        kind=purchase.kind,
        at=purchase.paid_at.astimezone(clock.SHANGHAI),
        tier=tier.code,
        points_rate=tier.points_rate,
    )


def dry_run(terms: EarnTerms, *, before: datetime) -> DryRun:
    """Over the purchases of the day before, at today's tiers; nothing is given. Two queries."""
    day = clock.start_of_day(before)
    purchases = Purchase.objects.filter(paid_at__gte=day - timedelta(days=1), paid_at__lt=day)
    purchases = purchases.annotate(
        tier=Subquery(Membership.objects.filter(pk=OuterRef("user")).values("tier"))
    ).order_by("paid_at")
    tiers = list(tiers_in_force())
    earned: dict[int, int] = defaultdict(int)
    seen = rewarded = 0
    for purchase in purchases.iterator():
        seen += 1
        points = earned_by(terms, spent_by(purchase, tier=tier_among(tiers, purchase.tier)))
        points = within_day(points, terms=terms, earned_today=earned[purchase.user_id])
        rewarded += points > 0
        earned[purchase.user_id] += points
    people = sum(points > 0 for points in earned.values())
    return DryRun(purchases=seen, rewarded=rewarded, people=people, points=sum(earned.values()))
