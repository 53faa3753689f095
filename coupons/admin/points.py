"""Points of customers, to look at, and the policy they are under."""

from typing import Any

from django import forms
from django.contrib import admin
from unfold.paginator import InfinitePaginator

from coupons.admin.fields import PercentField
from coupons.models import PointsAccount, PointsLot, PointsPolicy
from coupons.selectors.points import latest_history_of
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, ReadOnlyInline, link_to, show_label, show_table

_STATES = {
    "PENDING": ("待生效", "info"),
    "ACTIVE": ("可用", "success"),
    "SPENT": ("已用完", None),
    "EXPIRED": ("已过期", "warning"),
    "TAKEN_BACK": ("已收回", "danger"),
}


class PointsPolicyForm(forms.ModelForm):
    order_share = PercentField(label="每单最多抵扣（%）", help_text="占订单金额的比例，如 50")

    class Meta:
        model = PointsPolicy
        fields = ("mode", "months", "notice_days", "refund_days", "per_yuan", "order_share")
        help_texts = {
            "per_yuan": "不能少于 100：记账时 1 积分为 0.01 元",
        }

    def clean_per_yuan(self) -> int:
        per_yuan: int = self.cleaned_data["per_yuan"]
        if per_yuan < 100:
            raise forms.ValidationError("不能少于 100")
        return per_yuan

    def clean_order_share(self) -> int:
        share: int = self.cleaned_data["order_share"]
        if share > 10_000:
            raise forms.ValidationError("不能超过 100")
        return share

    def clean_months(self) -> int:
        months: int = self.cleaned_data["months"]
        if not 1 <= months <= 120:
            raise forms.ValidationError("请填写 1 到 120")
        return months


@admin.register(PointsPolicy)
class PointsPolicyAdmin(AgreedAdmin):
    form = PointsPolicyForm
    list_display = ("__str__", "mode", "months", "refund_days", "per_yuan", "shown_state", "live_at")


class LotInline(ReadOnlyInline):
    model = PointsLot
    verbose_name_plural = "积分批次"
    fields = ("title", "amount", "left", "shown_state", "owed", "given_at", "active_at", "expires_at")
    readonly_fields = fields
    ordering = ("-id",)
    per_page = 20

    @admin.display(description="状态")
    def shown_state(self, lot: PointsLot) -> Any:
        return show_label(*_STATES[lot.state])


@admin.register(PointsAccount)
class PointsAccountAdmin(ReadOnlyAdmin):
    list_display = ("shown_user", "pending", "active", "reserved", "debt", "make_up_cards")
    search_fields = ("=user__uid",)
    search_help_text = "用户号"
    list_select_related = ("user",)
    ordering = ("-user",)
    paginator = InfinitePaginator
    fields = ("shown_user", "pending", "active", "reserved", "debt", "make_up_cards", "shown_history")
    readonly_fields = ("shown_user", "shown_history")
    inlines = (LotInline,)

    @admin.display(description="顾客", ordering="user")
    def shown_user(self, account: PointsAccount) -> Any:
        return link_to(account.user)

    @admin.display(description="最近明细")
    def shown_history(self, account: PointsAccount) -> str:
        return show_table(
            ["时间", "类型", "积分", "转欠缴", "说明", "业务单号"],
            [
                (
                    clock.in_words(e.at),
                    e.get_kind_display(),
                    f"{e.points:+,}",
                    e.owed or "—",
                    e.title,
                    e.reference,
                )
                for e in latest_history_of(account.pk)
            ],
        )
