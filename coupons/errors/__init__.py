"""Everything that can go wrong in coupons."""

from coupons.errors.campaigns import CampaignNotRunning, CampaignRuns, CampaignUsedUp
from coupons.errors.channels import CodeNotAvailable
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
from coupons.errors.partners import PartnerOwesLess, PartnerPaidBefore
from coupons.errors.points import PointsShort
from coupons.errors.redemptions import CouponNotApplicable, PointsNotUsable
from coupons.errors.referrals import InviteCodeUnknown, InviteNotBound
from coupons.errors.stories import StoryNotShown

__all__ = [
    "AlreadyCheckedIn",
    "CampaignNotRunning",
    "CampaignRuns",
    "CampaignUsedUp",
    "CodeNotAvailable",
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
    "InviteCodeUnknown",
    "InviteNotBound",
    "MakeUpCardMissing",
    "PartnerOwesLess",
    "PartnerPaidBefore",
    "PickUpCodeUnknown",
    "PointsNotUsable",
    "PointsShort",
    "StoryNotShown",
    "TierUnknown",
]
