from coupons.admin import words
from coupons.admin.campaigns import CampaignAdmin, RewardAdmin
from coupons.admin.channels import ChannelAdmin
from coupons.admin.coupons import CodeBatchAdmin, CouponAdmin, CouponGrantAdmin
from coupons.admin.experiments import ExperimentAdmin
from coupons.admin.mall import GoodAdmin, MallOrderAdmin
from coupons.admin.membership import GrowthRuleAdmin, MembershipAdmin, MembershipTierAdmin
from coupons.admin.partners import JointPromotionAdmin, PartnerAdmin
from coupons.admin.point_rules import PointRuleAdmin
from coupons.admin.points import PointsAccountAdmin, PointsPolicyAdmin
from coupons.admin.recommendations import RecommendationPolicyAdmin
from coupons.admin.redemptions import RedemptionAdmin
from coupons.admin.referrals import ReferralAdmin, ReferralProgramAdmin
from coupons.admin.segments import SegmentAdmin
from coupons.admin.stories import StoryAdmin
from coupons.admin.templates import CouponTemplateAdmin

__all__ = [
    "CampaignAdmin",
    "ChannelAdmin",
    "CodeBatchAdmin",
    "CouponAdmin",
    "CouponGrantAdmin",
    "CouponTemplateAdmin",
    "ExperimentAdmin",
    "GoodAdmin",
    "GrowthRuleAdmin",
    "JointPromotionAdmin",
    "MallOrderAdmin",
    "MembershipAdmin",
    "MembershipTierAdmin",
    "PartnerAdmin",
    "PointRuleAdmin",
    "PointsAccountAdmin",
    "PointsPolicyAdmin",
    "RecommendationPolicyAdmin",
    "RedemptionAdmin",
    "ReferralAdmin",
    "ReferralProgramAdmin",
    "RewardAdmin",
    "SegmentAdmin",
    "StoryAdmin",
    "words",
]
