from coupons.admin import words
from coupons.admin.campaigns import CampaignAdmin, RewardAdmin
from coupons.admin.mall import GoodAdmin, MallOrderAdmin
from coupons.admin.point_rules import PointRuleAdmin
from coupons.admin.points import PointsAccountAdmin, PointsPolicyAdmin

__all__ = [
    "CampaignAdmin",
    "GoodAdmin",
    "MallOrderAdmin",
    "PointRuleAdmin",
    "PointsAccountAdmin",
    "PointsPolicyAdmin",
    "RewardAdmin",
    "words",
]
