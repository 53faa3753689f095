"""Everything that can go wrong in coupons."""

from coupons.errors.agreed import TermsChanged
from coupons.errors.campaigns import CampaignNotRunning, CampaignRuns, CampaignUsedUp
from coupons.errors.check_ins import AlreadyCheckedIn, DayNotMissed, MakeUpCardMissing
from coupons.errors.codes import CodesTakenAway, CodeUnknown, CodeUsed
from coupons.errors.coupons import (
    CouponNotForYou,
    CouponNotOffered,
    CouponNotUsable,
    CouponsGone,
    CouponTakenOften,
)
from coupons.errors.mall import GoodNotOffered, GoodSoldOut, GoodTakenOften, PickUpCodeUnknown
from coupons.errors.membership import TierUnknown
from coupons.errors.points import PointsShort
from coupons.errors.redemptions import CouponNotApplicable, PointsNotUsable

__all__ = [
    "AlreadyCheckedIn",
    "CampaignNotRunning",
    "CampaignRuns",
    "CampaignUsedUp",
    "CodeUnknown",
    "CodeUsed",
    "CodesTakenAway",
    "CouponNotApplicable",
    "CouponNotForYou",
    "CouponNotOffered",
    "CouponNotUsable",
    "CouponTakenOften",
    "CouponsGone",
    "DayNotMissed",
    "GoodNotOffered",
    "GoodSoldOut",
    "GoodTakenOften",
    "MakeUpCardMissing",
    "PickUpCodeUnknown",
    "PointsNotUsable",
    "PointsShort",
    "TermsChanged",
    "TierUnknown",
]
