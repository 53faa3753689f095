"""What somebody is shown next, who is told apart, and whether it makes a difference."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Sum

from coupons.models import (
    Coupon,
    CouponState,
    Experiment,
    Exposure,
    PlaceRanking,
    RecommendationClick,
    RecommendationPolicy,
    Taste,
)
from coupons.rules.experiments import Arm
from coupons.rules.recommendations import (
    Card,
    Facts,
    KnownPlace,
    PopularPlace,
    cards_for,
    part_of_day,
    popular_cards,
)
from coupons.selectors.experiments import arm_of
from coupons.selectors.membership import Standing, standing_of
from coupons.selectors.points import usable_lots
from wallet.selectors.lots import expiring_lots_of
from wallet_project.approvals.agreed import AgreedState
from wallet_project.flags.models import Feature
from wallet_project.flags.selectors import is_on
from wallet_project.kit import clock
from wallet_project.kit.money import Fen

SOON = timedelta(days=7)
MOST = 6


@dataclass(frozen=True, kw_only=True)
class Recommendations:
    """`is_personal`: they are for this person alone. `wants_personal`: this person has not said no."""

    cards: list[Card]
    is_personal: bool
    wants_personal: bool
    standing: Standing
    facts: Facts


def policy_in_force() -> RecommendationPolicy:
    """There is always one: the first came with the tables, and it ends when another begins."""
    return RecommendationPolicy.objects.get(state=AgreedState.LIVE)


def recommendations_for(user_id: int, *, at: datetime) -> Recommendations:
    """Ten queries; whoever wants or may have nothing personal, or is held out, sees what anybody would."""
    taste = Taste.objects.filter(pk=user_id).first() or Taste(user_id=user_id)
    standing = standing_of(user_id, at=at)
    facts = _facts(taste, standing=standing, at=at)
    is_personal = (
        taste.is_personal
        and is_on(Feature.RECOMMENDATIONS, user_id=user_id)
        and arm_of(experiment(), user_id) is not Arm.HOLDOUT
    )
    cards = (
        cards_for(facts, weights=policy_in_force().weights, most=MOST)
        if is_personal
        else popular_cards(facts, most=MOST)
    )
    return Recommendations(
        cards=cards,
        is_personal=is_personal,
        wants_personal=taste.is_personal,
        standing=standing,
        facts=facts,
    )


def experiment() -> Experiment:
    """By which some see nothing personal, to tell whether it makes a difference; it came with the tables."""
    return Experiment.objects.get(key="recommendations")


def wants_personal(user_id: int) -> bool:
    """Unless they have said no."""
    return not Taste.objects.filter(pk=user_id, is_personal=False).exists()


def clicks_by_arm(*, since: datetime) -> dict[str, tuple[int, int]]:
    """Arm → people who met the experiment, and those of them who have clicked since; two queries."""
    met = Exposure.objects.filter(experiment=experiment())
    people = met.values_list("arm").annotate(people=Count("user"))
    clicked = met.filter(user__in=RecommendationClick.objects.filter(at__gte=since).values("user"))
    clicks = dict(clicked.values_list("arm").annotate(people=Count("user")))
    return {arm: (count, clicks.get(arm, 0)) for arm, count in people.order_by("arm")}


def _facts(taste: Taste, *, standing: Standing, at: datetime) -> Facts:
    user_id, soon = taste.user_id, at + SOON
    coupons = Coupon.objects.filter(
        user=user_id, state=CouponState.HELD, valid_until__gt=at, valid_until__lte=soon
    ).count()
    points = usable_lots(user_id, at=at).filter(expires_at__lte=soon).aggregate(all=Sum("left"))["all"]
    bonus = sum(lot.remaining for lot in expiring_lots_of(user_id, before=soon))
    higher = standing.next_tier
    return Facts(
        popular={
            ranked.place: PopularPlace(name=ranked.place_name, people=ranked.people)
            for ranked in PlaceRanking.objects.order_by("-people", "place")[: 2 * MOST]
        },
        known={place: KnownPlace(**known) for place, known in taste.places.items()},
        part_of_day=part_of_day(at.astimezone(clock.SHANGHAI).hour),
        coupons_ending=coupons,
        points_ending=points or 0,
        bonus_ending=Fen(bonus),
        next_tier=higher.name if higher else "",
        tier_missing=standing.missing,
        tiers_apart=higher.threshold - standing.tier.threshold if higher else 0,
    )
