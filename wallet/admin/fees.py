"""What moves cost: every version of it, and the page on which the next one is worked out and handed in."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
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
    UnfoldAdminTextInputWidget,
)

from wallet.models import FeeSchedule
from wallet.rules.fee_words import percent, terms_in_words
from wallet.rules.fees import MOST_RATE, SAMPLES, FeeTerms, FreeQuota, fee_of
from wallet.rules.kinds import MoveKind
from wallet.selectors.fees import schedule_in_force
from wallet.services.fees import propose_fee
from wallet_project.approvals.version_pages import LocalTimeInput, StandingFilter, VersionAdmin
from wallet_project.kit import clock
from wallet_project.kit.admin import YuanField, show_table, show_yuan, staff_id
from wallet_project.kit.errors import DomainError
from wallet_project.kit.money import Fen


class PercentField(YuanField):
    """A percentage with two decimals at most, kept in basis points: 0.1 → 10."""

    def prepare_value(self, value: Any) -> Any:
        return percent(value).removesuffix("%") if isinstance(value, int) else value


class FeeForm(forms.Form):
    kind = forms.ChoiceField(label="业务", choices=MoveKind.choices, widget=UnfoldAdminSelectWidget)
    tier = forms.SlugField(
        label="会员等级",
        max_length=32,
        required=False,
        help_text="等级代码；不填为所有人",
        widget=UnfoldAdminTextInputWidget,
    )
    flat = YuanField(label="每笔固定（元）", help_text="")
    rate = PercentField(label="费率（%）", help_text="例如 0.1 即千分之一，最多两位小数")
    least = YuanField(label="最低（元）", help_text="只在需要收费时适用")
    most = YuanField(label="最高（元）", required=False, help_text="不填为不封顶")
    free_moves = forms.IntegerField(
        label="每月免费次数", min_value=0, max_value=10_000, widget=UnfoldAdminIntegerFieldWidget
    )
    free_amount = YuanField(label="每月免费额度（元）", help_text="免费次数用完后才使用额度")
    effective_from = forms.DateTimeField(
        label="生效时间", required=False, help_text="不填为批准后立即生效；上海时间", widget=LocalTimeInput
    )
    reason = forms.CharField(
        label="原因", min_length=4, max_length=200, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )

    def clean_rate(self) -> int:
        rate: int = self.cleaned_data["rate"]
        if rate > MOST_RATE:
            raise forms.ValidationError("费率不能超过 100%")
        return rate

    def clean_effective_from(self) -> datetime | None:
        starts: datetime | None = self.cleaned_data["effective_from"]
        if starts and starts <= clock.now():
            raise forms.ValidationError("请填写将来的时间，或不填")
        return starts

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        least, most = given.get("least"), given.get("most")
        if least is not None and most is not None and most < least:
            self.add_error("most", "最高不能低于最低")
        return given

    @property
    def terms(self) -> FeeTerms:
        given = self.cleaned_data
        names = ("flat", "rate", "least", "most", "free_amount", "free_moves")
        return FeeTerms.of(**{name: given[name] for name in names})


@admin.register(FeeSchedule)
class FeeScheduleAdmin(VersionAdmin):
    versions_of = ("kind", "tier")
    list_display = (
        "kind",
        "shown_tier",
        "version",
        "shown_standing",
        "shown_terms",
        "effective_from",
        "shown_end",
    )
    list_filter = (StandingFilter, "kind")
    ordering = ("kind", "tier", "-effective_from", "-id")
    fields = (
        "kind",
        "shown_tier",
        "version",
        "shown_standing",
        "shown_terms",
        "effective_from",
        "shown_end",
        "made_at",
        "shown_maker",
        "shown_checker",
        "shown_samples",
    )
    readonly_fields = (
        "shown_tier",
        "shown_standing",
        "shown_terms",
        "shown_end",
        "shown_maker",
        "shown_checker",
        "shown_samples",
    )
    actions_list = ("propose",)
    actions_detail = ("propose_next",)

    def has_propose_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("wallet.add_feeschedule")

    @action(description="申请新标准", url_path="propose", icon="edit_note", permissions=["propose"])
    def propose(self, request: HttpRequest) -> HttpResponse:
        """Work out the next version, see what it would cost whom, and hand it in."""
        form = FeeForm(request.POST or None, initial=None if request.POST else _beginning(request.GET))
        preview = ""
        if request.method == "POST" and form.is_valid():
            if request.POST.get("wish") == "propose" and self._hand_in(request, form):
                return redirect(reverse("admin:wallet_feeschedule_changelist"))
            preview = _compare(form)
        return TemplateResponse(
            request,
            "admin/wallet/propose_fee.html",
            {
                **self.admin_site.each_context(request),
                "title": "申请新的收费标准",
                "form": form,
                "preview": preview,
            },
        )

    def _hand_in(self, request: HttpRequest, form: FeeForm) -> bool:
        given = form.cleaned_data
        try:
            propose_fee(
                kind=MoveKind(given["kind"]),
                tier=given["tier"],
                terms=form.terms,
                effective_from=given["effective_from"],
                reason=given["reason"],
                maker_id=staff_id(request),
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
            return False
        messages.success(request, "已提交审批")
        return True

    @action(description="申请新标准", url_path="propose-next", permissions=["propose"])
    def propose_next(self, request: HttpRequest, object_id: str) -> HttpResponse:
        schedule = FeeSchedule.objects.get(pk=object_id)
        beginning = urlencode({"kind": schedule.kind, "tier": schedule.tier})
        return redirect(f"{reverse('admin:wallet_feeschedule_propose')}?{beginning}")

    @admin.display(description="会员等级", ordering="tier")
    def shown_tier(self, schedule: FeeSchedule) -> str:
        return schedule.tier or "所有人"

    @admin.display(description="收费")
    def shown_terms(self, schedule: FeeSchedule) -> str:
        return terms_in_words(schedule.terms)

    @admin.display(description="手续费示例")
    def shown_samples(self, schedule: FeeSchedule) -> str:
        return show_table(
            ["金额（元）", "本月第一笔（元）", "免费额度用完后（元）"],
            [[show_yuan(amount), *_fees(amount, schedule.terms)] for amount in SAMPLES],
        )


def _beginning(query: Any) -> dict[str, Any]:
    """What the form begins with: the terms that are in force for the kind that was asked for."""
    kind = query.get("kind") if query.get("kind") in MoveKind.values else MoveKind.WITHDRAW.value
    tier = query.get("tier", "")
    in_force = schedule_in_force(kind, tier=tier, at=clock.now())
    return {"kind": kind, "tier": tier, **in_force.terms.columns}


def _compare(form: FeeForm) -> str:
    given = form.cleaned_data
    starts = given["effective_from"] or clock.now()
    before = schedule_in_force(given["kind"], tier=given["tier"], at=starts).terms
    return show_table(
        ["金额（元）", "现在：第一笔", "现在：额度用完后", "改后：第一笔", "改后：额度用完后"],
        [[show_yuan(amount), *_fees(amount, before), *_fees(amount, form.terms)] for amount in SAMPLES],
    )


def _fees(amount: Fen, terms: FeeTerms) -> list[Any]:
    """Of the first move in a month, and of one when nothing is free any more."""
    return [show_yuan(fee_of(amount, terms, left=left).amount) for left in (terms.free, FreeQuota())]
