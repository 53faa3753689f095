"""The referral program, and who brought whom."""

from typing import Any

from django import forms
from django.contrib import admin
from unfold.paginator import InfinitePaginator

from coupons.admin.rewards import RewardTermsForm, RewardTermsInline
from coupons.models import Referral, ReferralProgram, ReferralReward, ReferralStep
from coupons.rules.referrals import StepState
from coupons.rules.rings import Sign
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.kit.admin import ReadOnlyAdmin, ReadOnlyInline, YuanField, link_to, show_label

_COLOURS = {
    StepState.REACHED: "info",
    StepState.GRANTED: "success",
    StepState.HELD: "warning",
    StepState.REFUSED: "danger",
}


class ProgramForm(forms.ModelForm):
    least = YuanField(
        label="首次充值、消费满多少元", initial=0, help_text="消费按顾客实付的自有资金计算；0 为不限"
    )

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


class RewardForm(RewardTermsForm):
    class Meta:
        model = ReferralReward
        fields = ("event", "side", "kind", "amount", "days")


class RewardInline(RewardTermsInline):
    model = ReferralReward
    form = RewardForm
    fields = ("event", "side", "kind", "amount", "template_id", "days")
    verbose_name_plural = "奖励"


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
