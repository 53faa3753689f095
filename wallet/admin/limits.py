"""How much may be moved: every version of it, and the page on which the next one is handed in."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from accounts.rules.kyc import KycLevel
from wallet.models import LimitPolicy
from wallet.rules.limits import LIMITED, NAMES, NONE, Limits, Period, limit_in_words, problem_with
from wallet.selectors.limit_policies import policies_in_force
from wallet.services.limit_policies import propose_limits
from wallet_project.approvals.version_pages import LocalTimeInput, StandingFilter, VersionAdmin
from wallet_project.kit import clock
from wallet_project.kit.admin import YuanField, staff_id
from wallet_project.kit.errors import DomainError

_NO_LIMIT = "不填为不限"


class LimitsForm(forms.Form):
    """Yuan as typed; what is left empty sets no limit."""

    level = forms.TypedChoiceField(
        label="实名等级",
        choices=KycLevel.choices,
        coerce=lambda level: KycLevel(int(level)),
        widget=UnfoldAdminSelectWidget,
    )
    move = forms.ChoiceField(label="资金操作", choices=LIMITED, widget=UnfoldAdminSelectWidget)
    single = YuanField(label="单笔（元）", required=False, help_text=_NO_LIMIT)
    per_day = YuanField(label="单日（元）", help_text="必填；0 为停用")
    per_month = YuanField(label="单月（元）", required=False, help_text=_NO_LIMIT)
    per_year = YuanField(label="单年（元）", required=False, help_text=_NO_LIMIT)
    lifetime = YuanField(label="累计（元）", required=False, help_text=f"自开户起；{_NO_LIMIT}")
    times_a_day = forms.IntegerField(
        label="单日笔数", required=False, help_text=_NO_LIMIT, widget=UnfoldAdminIntegerFieldWidget
    )
    effective_from = forms.DateTimeField(
        label="生效时间", required=False, help_text="上海时间；不填为批准后立即生效", widget=LocalTimeInput
    )
    reason = forms.CharField(
        label="原因", min_length=4, max_length=200, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )

    def clean_effective_from(self) -> datetime | None:
        starts: datetime | None = self.cleaned_data["effective_from"]
        if starts and starts <= clock.now():
            raise forms.ValidationError("请填写将来的时间，或不填")
        return starts

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.errors:
            return given
        mode = settings.WALLET_MODE
        if problem := problem_with(self.limits, level=given["level"], move=given["move"], mode=mode):
            raise forms.ValidationError(str(problem))
        return given

    @property
    def limits(self) -> Limits:
        return Limits(**{name: self.cleaned_data[name] for name in NONE.columns})


def _shown(period: Period) -> Any:
    @admin.display(description=str(period.label))
    def show(_page: admin.ModelAdmin, policy: LimitPolicy) -> str:
        return limit_in_words(period, policy.limits)

    return show


@admin.register(LimitPolicy)
class LimitPolicyAdmin(VersionAdmin):
    """Read level by level, move by move, the newest version first."""

    versions_of = ("level", "move")
    list_display = (
        "shown_level",
        "move",
        "shown_standing",
        "shown_single",
        "shown_day",
        "shown_month",
        "shown_year",
        "shown_lifetime",
        "shown_times",
        "effective_from",
    )
    list_display_links = ("shown_level", "move")
    list_filter = (StandingFilter, "level", "move")
    list_per_page = 100
    ordering = ("level", "move", "-effective_from", "-id")
    fields = (*list_display, "shown_end", "made_at", "shown_maker", "shown_checker")
    readonly_fields = fields
    actions_list = ("propose",)
    actions_detail = ("propose_next",)

    shown_single = _shown(Period.SINGLE)
    shown_day = _shown(Period.DAY)
    shown_month = _shown(Period.MONTH)
    shown_year = _shown(Period.YEAR)
    shown_lifetime = _shown(Period.LIFETIME)
    shown_times = _shown(Period.TIMES)

    def has_propose_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("wallet.add_limitpolicy")

    @action(description="申请调整限额", url_path="propose", icon="edit_note", permissions=["propose"])
    def propose(self, request: HttpRequest) -> HttpResponse:
        """Write the next version of one level and move, and hand it in."""
        form = LimitsForm(request.POST or None, initial=None if request.POST else _beginning(request.GET))
        if request.method == "POST" and form.is_valid() and _hand_in(request, form):
            messages.success(request, "已提交审批")
            return redirect(reverse("admin:wallet_limitpolicy_changelist"))
        return TemplateResponse(
            request,
            "admin/wallet/propose_limits.html",
            {**self.admin_site.each_context(request), "title": "申请调整限额", "form": form},
        )

    @action(description="申请调整", url_path="propose-next", permissions=["propose"])
    def propose_next(self, request: HttpRequest, object_id: str) -> HttpResponse:
        policy = LimitPolicy.objects.get(pk=object_id)
        beginning = urlencode({"level": policy.level, "move": policy.move})
        return redirect(f"{reverse('admin:wallet_limitpolicy_propose')}?{beginning}")

    @admin.display(description="实名等级", ordering="level")
    def shown_level(self, policy: LimitPolicy) -> str:
        return policy.get_level_display()


def _beginning(query: Any) -> dict[str, Any]:
    """What the form begins with: the limits that are in force for the level and move that were asked for."""
    asked = query.get("level", "")
    level = KycLevel(int(asked)) if asked in map(str, KycLevel.values) else KycLevel.NONE
    move = query.get("move") if query.get("move") in NAMES else next(iter(NAMES))
    limits = policies_in_force([level], at=clock.now()).get((level, move), NONE)
    return {"level": level.value, "move": move, **limits.columns}


def _hand_in(request: HttpRequest, form: LimitsForm) -> bool:
    given = form.cleaned_data
    try:
        propose_limits(
            level=given["level"],
            move=given["move"],
            limits=form.limits,
            effective_from=given["effective_from"],
            reason=given["reason"],
            maker_id=staff_id(request),
        )
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    return True
