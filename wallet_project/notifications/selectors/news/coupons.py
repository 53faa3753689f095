"""What coupons' events mean to people."""

from collections.abc import Iterable

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language

from coupons.events import CouponIssued, MembershipChanged, MembershipEnding, PointsExpiring, RewardGiven
from coupons.rules.membership import ChangeCause
from coupons.rules.rewards import RewardKind
from coupons.selectors.coupons import coupon_for
from coupons.selectors.membership import tier_called
from wallet_project.kit.money import yuan
from wallet_project.notifications.rules.news import News
from wallet_project.notifications.selectors.news.register import news_of


@news_of(CouponIssued)
def coupon_came(event: CouponIssued) -> Iterable[News]:
    coupon = coupon_for(user_id=event.user_id, serial=event.serial)
    yield News(
        user_id=event.user_id,
        notice="coupons.coupon_issued",
        facts={"coupon": coupon.template.name, "until": coupon.valid_until},
        about=f"coupon:{event.serial}",
    )


@news_of(PointsExpiring)
def points_end(event: PointsExpiring) -> Iterable[News]:
    facts = {"points": event.points, "until": event.first_at}
    yield News(user_id=event.user_id, notice="coupons.points_expiring", facts=facts)


@news_of(RewardGiven)
def reward_came(event: RewardGiven) -> Iterable[News]:
    """Of a coupon its owner hears when it is issued."""
    if event.kind == RewardKind.COUPON:
        return
    kind = RewardKind(event.kind)
    worth = f"{event.amount:,}" if kind == RewardKind.POINTS else f"¥{yuan(event.amount)}"
    facts = {"reward": format_lazy("{kind} {worth}", kind=kind.label, worth=worth)}
    yield News(
        user_id=event.user_id, notice="coupons.reward_given", facts=facts, about=f"reward:{event.source}"
    )


@news_of(MembershipChanged)
def another_tier(event: MembershipChanged) -> Iterable[News]:
    yield News(
        user_id=event.user_id,
        notice="coupons.tier_changed",
        facts={
            "before": _tier(event.before),
            "after": _tier(event.after),
            "cause": ChangeCause(event.cause).label,
        },
    )


@news_of(MembershipEnding)
def tier_ends(event: MembershipEnding) -> Iterable[News]:
    facts = {"tier": _tier(event.tier), "until": event.ends_on}
    yield News(user_id=event.user_id, notice="coupons.tier_ending", facts=facts)


def _tier(code: str) -> object:
    tier = tier_called(code)
    return lazy(lambda: tier.name_en if get_language() == "en" else tier.name, str)()
