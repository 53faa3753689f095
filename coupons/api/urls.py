"""Routes under /api/v1/ for what customers earn and are given."""

from django.urls import path

from coupons.api.campaigns import Campaigns, Rewards
from coupons.api.channels import MyInviteCode, Touches
from coupons.api.check_ins import CheckIns, MakeUp
from coupons.api.coupons import ClaimableCoupons, ClaimCoupon, Coupons, QuoteCoupons, RedeemCode
from coupons.api.home import ClickCard, Home, Personalisation
from coupons.api.mall import MallGoods, MallOrders
from coupons.api.membership import Growth, MembershipLog, ShowMembership, Tiers
from coupons.api.points import EarnRules, PointsHistory, ShowPoints
from coupons.api.referrals import BindInviter, InvitedPeople, MyReferrals, ReferralBoard
from coupons.api.stories import SharedStory, ShareStory, Stories

urlpatterns = [
    path("campaigns", Campaigns.as_view()),
    path("rewards", Rewards.as_view()),
    path("points", ShowPoints.as_view()),
    path("points/history", PointsHistory.as_view()),
    path("points/rules", EarnRules.as_view()),
    path("referral", MyReferrals.as_view()),
    path("referral/people", InvitedPeople.as_view()),
    path("referral/inviter", BindInviter.as_view()),
    path("touches", Touches.as_view()),
    path("referral/picture", MyInviteCode.as_view()),
    path("referral/board", ReferralBoard.as_view()),
    path("check-ins", CheckIns.as_view()),
    path("check-ins/made-up", MakeUp.as_view()),
    path("mall/goods", MallGoods.as_view()),
    path("mall/orders", MallOrders.as_view()),
    path("home", Home.as_view()),
    path("recommendations/clicks", ClickCard.as_view()),
    path("recommendations/settings", Personalisation.as_view()),
    path("membership", ShowMembership.as_view()),
    path("membership/growth", Growth.as_view()),
    path("membership/log", MembershipLog.as_view()),
    path("membership/tiers", Tiers.as_view()),
    path("coupons", Coupons.as_view()),
    path("coupons/claimable", ClaimableCoupons.as_view()),
    path("coupons/claimable/<int:template_id>/claim", ClaimCoupon.as_view()),
    path("coupons/codes", RedeemCode.as_view()),
    path("coupons/quote", QuoteCoupons.as_view()),
    path("stories", Stories.as_view()),
    path("stories/shared", SharedStory.as_view()),
    path("stories/<int:story_id>/share", ShareStory.as_view()),
]
