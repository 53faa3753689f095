"""Campaigns: written by one, tried on yesterday, put in force by two; and the rewards that came of them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from unfold.forms import BaseDialogForm
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminTextareaWidget

from coupons.admin.fields import PercentField, PlacesField
from coupons.admin.rewards import RewardTermsForm, RewardTermsInline
from coupons.models import Campaign, CampaignTask, CouponTemplate, Reward
from coupons.rules.campaigns import MOST_CASHBACK, CampaignKind
from coupons.rules.offer_words import percent
from coupons.rules.rewards import reward_in_words
from coupons.selectors.campaigns import report_on, try_on_yesterday
from coupons.services.campaigns import clone_campaign, pause_campaign, propose_going_on
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    YuanField,
    link_to,
    row_act,
    show_label,
    show_table,
    show_yuan,
    staff_id,
)
from wallet_project.kit.money import yuan

_COLOURS = {"HELD": "warning", "PENDING": "info", "GIVEN": "success", "REVOKED": "danger"}


class CampaignForm(forms.ModelForm):
    budget = YuanField(label="预算（元）", help_text="发放时占用，用完自动停止")
    per_order = YuanField(label="每单最多返现（元）", initial=0, help_text="只用于消费返现")
    least = YuanField(
        label="满多少元",
        initial=0,
        help_text="按顾客实付的自有资金计算；任务奖励里为首次充值、消费一次的最低金额",
    )
    per_person = YuanField(label="每人最多获得（元）", required=False, help_text="不填为不限")
    rate = PercentField(label="返现比例（%）", initial=0, help_text="最多 10；只用于消费返现，其他填 0")
    places = PlacesField()

    class Meta:
        model = Campaign
        fields = (
            "name",
            "notes",
            "kind",
            "starts_at",
            "ends_at",
            "budget",
            "rate",
            "per_order",
            "least",
            "places",
            "per_person",
            "vest_days",
            "lasts_days",
            "new_people_only",
            "segment",
            "experiment",
            "arm",
        )
        help_texts = {
            "segment": "不填为所有顾客",
            "experiment": "对照组的顾客不参加；实验先开始，活动再生效",
            "arm": "实验有两个方案时，这个活动是哪一个；不填为除对照组外的所有人",
            "vest_days": "过了退款期再发放；0 为立即",
            "lasts_days": "不填为长期有效",
        }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") == CampaignKind.CASHBACK:
            if not 0 < (given.get("rate") or 0) <= MOST_CASHBACK:
                self.add_error("rate", f"请填写 0.01 到 {percent(MOST_CASHBACK).removesuffix('%')}")
            if not given.get("per_order"):
                self.add_error("per_order", "请填写每单最多返现")
        elif given.get("rate") or given.get("per_order"):
            self.add_error("rate", "任务奖励不填返现比例和每单上限")
        if given.get("arm") and not given.get("experiment"):
            self.add_error("arm", "请先选择对照实验")
        begins, ends = given.get("starts_at"), given.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", "结束时间要晚于开始时间")
        return given


class TaskForm(RewardTermsForm):
    kind_name = "reward"

    class Meta:
        model = CampaignTask
        fields = ("goal", "title", "reward", "amount")


class TaskInline(RewardTermsInline):
    model = CampaignTask
    form = TaskForm
    fields = ("goal", "title", "reward", "amount", "template_id")
    verbose_name_plural = "任务"


class GoOnForm(BaseDialogForm):
    """With how much, and why."""

    budget = YuanField(label="新预算（元）")
    reason = forms.CharField(label="原因", max_length=200, widget=UnfoldAdminTextareaWidget)


@admin.register(Campaign)
class CampaignAdmin(AgreedAdmin):
    form = CampaignForm
    inlines = (TaskInline,)
    list_display = ("name", "kind", "starts_at", "ends_at", "shown_budget", "shown_state")
    list_filter = ("state", "kind")
    search_fields = ("name",)
    readonly_fields = ("shown_state", "shown_terms", "shown_report")
    actions_detail = ("propose", "pause", "go_on", "clone", "end")

    def foreseen(self, row: Campaign) -> dict[str, str]:
        return {"按昨天的消费和注册试算": try_on_yesterday(row).in_words}

    def has_pause_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("coupons.pause_campaign") and self._runs(object_id)

    def has_go_on_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may_change(request) and self._is(object_id, AgreedState.LIVE)

    def has_clone_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("coupons.add_campaign")

    @row_act(
        "暂停",
        permissions=["pause"],
        done="已暂停",
        explains="立即停止发放；已经答应的仍会到账。继续须两人同意。",
    )
    def pause(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        pause_campaign(campaign_id=int(object_id), reason=form.cleaned_data["reason"])

    @row_act(
        "继续或调整预算",
        permissions=["go_on"],
        done="已提交审批",
        explains="须由另一位同事审批。",
        submit="提交审批",
        form=GoOnForm,
    )
    def go_on(self, request: HttpRequest, form: GoOnForm, object_id: str) -> None:
        propose_going_on(
            campaign_id=int(object_id),
            budget=form.cleaned_data["budget"],
            reason=form.cleaned_data["reason"],
            maker_id=staff_id(request),
        )

    @row_act("复制", permissions=["clone"], form=None)
    def clone(self, request: HttpRequest, object_id: str) -> str:
        return f"已复制为草稿：{clone_campaign(campaign_id=int(object_id))}"

    @admin.display(description="预算（元）")
    def shown_budget(self, campaign: Campaign) -> Any:
        used = campaign.committed * 100 // campaign.budget if campaign.budget else 0
        return show_label(
            f"{yuan(campaign.committed)} / {yuan(campaign.budget)}（{used}%）",
            "danger" if used >= 100 else "warning" if used >= 80 else None,
        )

    @admin.display(description="状态", ordering="state")
    def shown_state(self, campaign: Campaign) -> Any:
        if campaign.state == AgreedState.LIVE and campaign.paused_at:
            return show_label(f"已暂停：{campaign.paused_because}", "warning")
        return super().shown_state(campaign)

    @admin.display(description="效果")
    def shown_report(self, campaign: Campaign) -> str:
        if campaign.pk is None:
            return "—"
        report = report_on(campaign.pk)
        return show_table(
            ["人数", "奖励笔数", "待发放（元）", "已发放（元）", "收回或取消（元）", "剩余预算（元）"],
            [
                [
                    f"{report.people:,}",
                    f"{report.rewards:,}",
                    show_yuan(report.pending),
                    show_yuan(report.given),
                    show_yuan(report.revoked),
                    show_yuan(campaign.left),
                ]
            ],
        )

    def _runs(self, object_id: str | None) -> bool:
        running = Campaign.objects.filter(state=AgreedState.LIVE, paused_at=None)
        return object_id is None or running.filter(pk=object_id).exists()


@admin.register(Reward)
class RewardAdmin(ReadOnlyAdmin):
    list_display = ("title", "shown_user", "shown_amount", "shown_state", "vests_at", "given_at")
    list_filter = ("state", "kind")
    search_fields = ("=user__uid", "=reference")
    search_help_text = "用户号、订单号"
    list_select_related = ("user", "campaign")
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "title",
        "shown_user",
        "campaign",
        "shown_amount",
        "shown_owed",
        "reference",
        "shown_state",
        "vests_at",
        "given_at",
        "ended_because",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reward]:
        name = CouponTemplate.objects.filter(pk=OuterRef("template_id")).values("name")
        return super().get_queryset(request).annotate(coupon_name=Subquery(name))

    @admin.display(description="顾客", ordering="user")
    def shown_user(self, reward: Reward) -> Any:
        return link_to(reward.user)

    @admin.display(description="奖励")
    def shown_amount(self, reward: Any) -> str:
        return reward_in_words(reward.kind, reward.amount, coupon=reward.coupon_name or "")

    @admin.display(description="待扣回（元）")
    def shown_owed(self, reward: Reward) -> str:
        return show_yuan(reward.owed) if reward.owed else "—"

    @admin.display(description="状态", ordering="state")
    def shown_state(self, reward: Reward) -> Any:
        return show_label(reward.get_state_display(), _COLOURS[reward.state])
