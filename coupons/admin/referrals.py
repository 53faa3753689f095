"""The referral program, and who brought whom."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.paginator import InfinitePaginator

from coupons.models import Referral, ReferralProgram, ReferralReward, ReferralStep
from coupons.rules.referrals import StepState
from coupons.rules.rewards import RewardKind
from coupons.rules.rings import Sign
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.kit.admin import ReadOnlyAdmin, ReadOnlyInline, YuanField, link_to, show_label

_COLOURS = {
    StepState.REACHED: "info",
    StepState.GRANTED: "success",
    StepState.HELD: "warning",
    StepState.REFUSED: "danger",
}


class ProgramForm(forms.ModelForm):
    least = YuanField(label="首次消费满多少元", initial=0, help_text="按顾客实付的自有资金计算；0 为不限")

    class Meta:
        model = ReferralProgram
        fields = ("name", "bind_hours", "delay_days", "least", "per_day", "per_month", "per_life")
        help_texts = {"delay_days": "过了退款期再发放", "bind_hours": "超过后不能再绑定邀请人"}

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        caps = [given.get(name) or 0 for name in ("per_day", "per_month", "per_life")]
        if not 0 < caps[0] <= caps[1] <= caps[2]:
            self.add_error("per_day", "每天不能多于每月，每月不能多于累计，且至少 1 次")
        if given.get("bind_hours") == 0:
            self.add_error("bind_hours", "请填写大于 0 的数")
        return given


class RewardForm(forms.ModelForm):
    class Meta:
        model = ReferralReward
        fields = ("event", "side", "kind", "amount", "template", "days")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("template")) != (given.get("kind") == RewardKind.COUPON):
            self.add_error("template", "奖励为优惠券时选择，其他不选")
        if (given.get("amount") or 0) < 1:
            self.add_error("amount", "请填写大于 0 的数")
        return given


class RewardInline(TabularInline):
    model = ReferralReward
    form = RewardForm
    extra = 0
    verbose_name_plural = "奖励"

    def has_change_permission(self, request: HttpRequest, obj: ReferralProgram | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == AgreedState.DRAFT)

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission


@admin.register(ReferralProgram)
class ReferralProgramAdmin(AgreedAdmin):
    form = ProgramForm
    inlines = (RewardInline,)
    list_display = ("name", "bind_hours", "delay_days", "per_day", "shown_state", "live_at")


class StepInline(ReadOnlyInline):
    model = ReferralStep
    verbose_name_plural = "进度与奖励"
    fields = (
        "event",
        "shown_state",
        "reached_at",
        "decided_at",
        "is_capped",
        "shown_signs",
        "case",
        "because",
    )
    readonly_fields = fields
    ordering = ("id",)

    @admin.display(description="状态")
    def shown_state(self, step: ReferralStep) -> Any:
        return show_label(step.get_state_display(), _COLOURS[StepState(step.state)])

    @admin.display(description="可疑之处")
    def shown_signs(self, step: ReferralStep) -> str:
        return "；".join(Sign(sign).label for sign in step.signs) or "—"


@admin.register(Referral)
class ReferralAdmin(ReadOnlyAdmin):
    list_display = ("bound_at", "shown_inviter", "shown_newcomer", "program")
    list_filter = ("program", "steps__state")
    search_fields = ("=inviter__uid", "=newcomer__uid", "=steps__case")
    search_help_text = "邀请人或新朋友的用户号，或风控案件编号"
    list_select_related = ("inviter", "newcomer", "program")
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = ("shown_inviter", "shown_newcomer", "program", "bound_at")
    readonly_fields = fields
    inlines = (StepInline,)

    @admin.display(description="邀请人")
    def shown_inviter(self, referral: Referral) -> Any:
        return link_to(referral.inviter)

    @admin.display(description="新朋友")
    def shown_newcomer(self, referral: Referral) -> Any:
        return link_to(referral.newcomer)
