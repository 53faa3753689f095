"""What payments took of coupons and points, to look at."""

from typing import Any

from django.contrib import admin
from unfold.paginator import InfinitePaginator

from coupons.models import RedeemedCoupon, Redemption
from wallet_project.kit.admin import ReadOnlyAdmin, ReadOnlyInline, show_label, show_yuan

_COLOURS = {"RESERVED": "warning", "REDEEMED": "success", "RELEASED": "default"}


class CouponInline(ReadOnlyInline):
    model = RedeemedCoupon
    verbose_name_plural = "使用的优惠券"
    fields = ("shown_serial", "shown_name", "is_wanted", "shown_off", "shown_back")
    readonly_fields = fields

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("coupon__template")

    @admin.display(description="券号")
    def shown_serial(self, one: RedeemedCoupon) -> str:
        return one.coupon.serial

    @admin.display(description="优惠券")
    def shown_name(self, one: RedeemedCoupon) -> str:
        return one.coupon.template.name

    @admin.display(description="抵扣（元）")
    def shown_off(self, one: RedeemedCoupon) -> Any:
        return show_yuan(one.off)

    @admin.display(description="付款后返还（元）")
    def shown_back(self, one: RedeemedCoupon) -> Any:
        return show_yuan(one.back)


@admin.register(Redemption)
class RedemptionAdmin(ReadOnlyAdmin):
    list_display = ("reference", "user", "shown_state", "shown_off", "points", "shown_worth", "reserved_at")
    list_filter = ("state", "reserved_at")
    search_fields = ("=reference", "=coupons__coupon__serial")
    search_help_text = "支付单号或券号，须完整"
    list_select_related = ("user",)
    ordering = ("-id",)
    paginator = InfinitePaginator
    inlines = (CouponInline,)
    fields = (
        "reference",
        "user",
        "shown_state",
        "shown_off",
        "points",
        "shown_worth",
        "points_returned",
        "shown_returned",
        "reserved_at",
        "ended_at",
        "coupons_returned_at",
    )
    readonly_fields = ("shown_state", "shown_off", "shown_worth", "shown_returned")

    @admin.display(description="状态", ordering="state")
    def shown_state(self, one: Redemption) -> Any:
        return show_label(one.get_state_display(), _COLOURS.get(one.state))

    @admin.display(description="优惠券抵扣（元）", ordering="off")
    def shown_off(self, one: Redemption) -> Any:
        return show_yuan(one.off)

    @admin.display(description="积分抵扣（元）", ordering="points_worth")
    def shown_worth(self, one: Redemption) -> Any:
        return show_yuan(one.points_worth)

    @admin.display(description="已退积分抵扣（元）")
    def shown_returned(self, one: Redemption) -> Any:
        return show_yuan(one.worth_returned)
