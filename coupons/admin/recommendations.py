"""How recommendations weigh, and whether they make a difference."""

from datetime import timedelta

from django.contrib import admin

from coupons.models import RecommendationPolicy
from coupons.rules.experiments import Arm
from coupons.selectors.recommendations import clicks_by_arm
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.kit import clock
from wallet_project.kit.admin import show_table

_DAYS = 30


@admin.register(RecommendationPolicy)
class RecommendationPolicyAdmin(AgreedAdmin):
    fields = (
        "expiring",
        "next_tier",
        "recent",
        "hour",
        "similar",
        "popular",
        "shown_state",
        "shown_terms",
        "shown_arms",
    )
    readonly_fields = ("shown_state", "shown_terms", "shown_arms")
    list_display = ("__str__", "live_at", "shown_state")

    @admin.display(description=f"最近 {_DAYS} 天的点击；购买见对照实验")
    def shown_arms(self, _policy: RecommendationPolicy) -> str:
        rows = [
            ("对照组（只看热门）" if arm == Arm.HOLDOUT else "个性化推荐", f"{people:,}", f"{clicked:,}")
            for arm, (people, clicked) in clicks_by_arm(since=clock.now() - timedelta(days=_DAYS)).items()
        ]
        return show_table(["分组", "看到推荐的人数", "点击过的人数"], rows)
