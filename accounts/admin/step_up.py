"""What had to be proven, and the policies that say so."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.models import ChallengeState, StepUpChallenge, StepUpPolicy
from accounts.rules.step_up import OFFERED, Risk, in_words
from accounts.services.step_up_policies import propose_policy_change
from wallet_project.kit import clock
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    link_to,
    row_act,
    show_label,
    show_yuan,
    staff_id,
)
from wallet_project.kit.money import fen_from_yuan

_RISK_COLOURS = {Risk.LOW: "success", Risk.MEDIUM: "warning", Risk.HIGH: "danger"}
_STATE_COLOURS = {
    ChallengeState.OPEN: "info",
    ChallengeState.PROVEN: "warning",
    ChallengeState.SPENT: "success",
}


@admin.register(StepUpChallenge)
class StepUpChallengeAdmin(ReadOnlyAdmin):
    list_display = (
        "shown_operation",
        "shown_user",
        "shown_risk",
        "shown_needed",
        "shown_state",
        "created_at",
    )
    list_select_related = ("user",)
    list_filter = ("kind", "risk", "state", "created_at")
    search_fields = ("user__nickname__startswith",)
    search_help_text = "昵称开头"
    fields = (
        "shown_operation",
        "shown_user",
        "device",
        "shown_amount",
        "shown_risk",
        "shown_needed",
        "shown_proven",
        "shown_state",
        "created_at",
        "expires_at",
        "spent_at",
    )
    readonly_fields = fields
    ordering = ("-id",)

    @admin.display(description="操作", ordering="kind")
    def shown_operation(self, challenge: StepUpChallenge) -> str:
        return challenge.operation.in_words

    @admin.display(description="用户", ordering="user")
    def shown_user(self, challenge: StepUpChallenge) -> Any:
        return link_to(challenge.user)

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, challenge: StepUpChallenge) -> Any:
        return show_yuan(challenge.amount or None)

    @admin.display(description="风险", ordering="risk")
    def shown_risk(self, challenge: StepUpChallenge) -> Any:
        return _show_risk(challenge.risk)

    @admin.display(description="需要验证")
    def shown_needed(self, challenge: StepUpChallenge) -> str:
        return in_words(challenge.needed)

    @admin.display(description="已验证")
    def shown_proven(self, challenge: StepUpChallenge) -> str:
        return in_words(challenge.proven) if challenge.proven else "—"

    @admin.display(description="状态", ordering="state")
    def shown_state(self, challenge: StepUpChallenge) -> Any:
        state = ChallengeState(challenge.state)
        if state != ChallengeState.SPENT and challenge.expires_at <= clock.now():
            return show_label("已过期")
        return show_label(str(state.label), _STATE_COLOURS[state])


class PolicyForm(ReasonForm):
    factors = forms.ChoiceField(
        label="验证方式",
        choices=[(factors, in_words(factors)) for factors in OFFERED],
        widget=UnfoldAdminSelectWidget,
    )
    amount_up_to = forms.CharField(
        label="单笔上限（元）", required=False, help_text="不填为不限", widget=UnfoldAdminTextInputWidget
    )
    day_up_to = forms.CharField(
        label="单日上限（元）", required=False, help_text="不填为不限", widget=UnfoldAdminTextInputWidget
    )
    field_order = ["factors", "amount_up_to", "day_up_to", "reason"]

    def clean_amount_up_to(self) -> int | None:
        return _limit(self.cleaned_data["amount_up_to"])

    def clean_day_up_to(self) -> int | None:
        return _limit(self.cleaned_data["day_up_to"])


@admin.register(StepUpPolicy)
class StepUpPolicyAdmin(ReadOnlyAdmin):
    """The lowest tier that holds the amount and the day counts; where none does, the operation is refused."""

    list_display = ("kind", "shown_risk", "shown_amount", "shown_day", "shown_factors")
    list_filter = ("kind", "risk")
    fields = list_display
    readonly_fields = list_display
    ordering = ("kind", "pk")  # as they were written: risk rises, then amounts
    list_per_page = 100
    actions_detail = ("ask_for_change",)

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("accounts.change_stepuppolicy")

    @row_act(
        "申请修改",
        permissions=["ask"],
        done="已提交审批",
        title="申请修改验证策略",
        explains="由另一位有审批权限的同事批准后立即生效。三项都按新的填写。",
        submit="提交申请",
        form=PolicyForm,
    )
    def ask_for_change(self, request: HttpRequest, form: PolicyForm, object_id: str) -> None:
        wish = form.cleaned_data
        propose_policy_change(
            policy=StepUpPolicy.objects.get(pk=object_id),
            factors=wish["factors"],
            amount_up_to=wish["amount_up_to"],
            day_up_to=wish["day_up_to"],
            reason=wish["reason"],
            maker_id=staff_id(request),
        )

    @admin.display(description="风险", ordering="risk")
    def shown_risk(self, policy: StepUpPolicy) -> Any:
        return _show_risk(policy.risk)

    @admin.display(description="单笔不超过（元）", ordering="amount_up_to")
    def shown_amount(self, policy: StepUpPolicy) -> Any:
        return "不限" if policy.amount_up_to is None else show_yuan(policy.amount_up_to)

    @admin.display(description="当日累计不超过（元）", ordering="day_up_to")
    def shown_day(self, policy: StepUpPolicy) -> Any:
        return "不限" if policy.day_up_to is None else show_yuan(policy.day_up_to)

    @admin.display(description="验证方式")
    def shown_factors(self, policy: StepUpPolicy) -> str:
        return in_words(policy.factors)


def _show_risk(risk: str) -> Any:
    return show_label(str(Risk(risk).label), _RISK_COLOURS[Risk(risk)])


def _limit(text: str) -> int | None:
    """Yuan as typed → fen; nothing → no limit."""
    if not text.strip():
        return None
    try:
        amount = fen_from_yuan(text)
    except ValueError:
        raise ValidationError("请输入金额，如 200 或 1,000.00") from None
    if amount <= 0:
        raise ValidationError("金额必须大于零")
    return amount
