from coupons.models.campaigns import Campaign, CampaignPerson, CampaignTask
from coupons.models.channels import Channel, ChannelCost, ChannelKind, Touch
from coupons.models.check_ins import CheckIn
from coupons.models.codes import CodeBatch, CouponCode
from coupons.models.coupons import ENDED_UNUSED, Coupon, CouponState
from coupons.models.experiments import Experiment, ExperimentState, Exposure
from coupons.models.grants import CouponGrant
from coupons.models.mall import Good, MallOrder
from coupons.models.membership import GrowthEntry, GrowthRule, Membership, MembershipChange, MembershipTier
from coupons.models.partners import JointPromotion, Partner, PartnerPayment, PartnerShare
from coupons.models.point_rules import PointRule
from coupons.models.points import (
    PointsAccount,
    PointsEntry,
    PointsLot,
    PointsPolicy,
    PointsSpend,
    PointsSpendPart,
)
from coupons.models.purchases import Purchase, PurchaseReturn
from coupons.models.real_people import PersonClaim
from coupons.models.recommendations import PlaceRanking, RecommendationClick, RecommendationPolicy, Taste
from coupons.models.redemptions import RedeemedCoupon, Redemption
from coupons.models.referrals import InviteCode, Referral, ReferralProgram, ReferralReward, ReferralStep
from coupons.models.rewards import Reward
from coupons.models.segments import Segment, SegmentCondition, SegmentMember, SegmentRefresh
from coupons.models.stories import Story, StoryJoin, StoryShare, StoryView
from coupons.models.templates import CouponCount, CouponStock, CouponTemplate, Giving

__all__ = [
    "ENDED_UNUSED",
    "Campaign",
    "CampaignPerson",
    "CampaignTask",
    "Channel",
    "ChannelCost",
    "ChannelKind",
    "CheckIn",
    "CodeBatch",
    "Coupon",
    "CouponCode",
    "CouponCount",
    "CouponGrant",
    "CouponState",
    "CouponStock",
    "CouponTemplate",
    "Experiment",
    "ExperimentState",
    "Exposure",
    "Giving",
    "Good",
    "GrowthEntry",
    "GrowthRule",
    "InviteCode",
    "JointPromotion",
    "MallOrder",
    "Membership",
    "MembershipChange",
    "MembershipTier",
    "Partner",
    "PartnerPayment",
    "PartnerShare",
    "PersonClaim",
    "PlaceRanking",
    "PointRule",
    "PointsAccount",
    "PointsEntry",
    "PointsLot",
    "PointsPolicy",
    "PointsSpend",
    "PointsSpendPart",
    "Purchase",
    "PurchaseReturn",
    "RecommendationClick",
    "RecommendationPolicy",
    "RedeemedCoupon",
    "Redemption",
    "Referral",
    "ReferralProgram",
    "ReferralReward",
    "ReferralStep",
    "Reward",
    "Segment",
    "SegmentCondition",
    "SegmentMember",
    "SegmentRefresh",
    "Story",
    "StoryJoin",
    "StoryShare",
    "StoryView",
    "Taste",
    "Touch",
]
