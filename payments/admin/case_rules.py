"""What is done by itself about exceptions: every version, and the page on which the next one is handed in."""

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
)

from payments.models import CaseRule, ExceptionCase
from payments.rules.cases import WITH_MONEY, CaseKind, CaseTerms, Handling, problem_with
from payments.selectors.case_rules import case_rule
from payments.services.case_rules import propose_case_rule
from wallet_project.approvals.version_pages import StandingFilter, VersionAdmin
from wallet_project.kit import clock
from wallet_project.kit.admin import YuanField, show_label, show_yuan, staff_id
from wallet_project.kit.errors import DomainError

_COLOURS = {Handling.HONOUR: "success", Handling.REFUND: "info", Handling.HAND: "warning"}
_NO_LIMIT = "不填为不限；没有款项的类型不填"


class CaseRuleForm(forms.Form):
    kind = forms.TypedChoiceField(
        label="类型", choices=ExceptionCase.Kind.choices, coerce=CaseKind, widget=UnfoldAdminSelectWidget
    )
    handling = forms.TypedChoiceField(
        label="自动处理", choices=Handling.choices, coerce=Handling, widget=UnfoldAdminSelectWidget
    )
    up_to = YuanField(label="自动处理上限（元）", required=False, help_text=f"超过即转人工；{_NO_LIMIT}")
    alone_up_to = YuanField(
        label="单人处理上限（元）", required=False, help_text=f"超过须第二人审批；{_NO_LIMIT}"
    )
    due_hours = forms.IntegerField(label="处理时限（小时）", widget=UnfoldAdminIntegerFieldWidget)
    warn_hours = forms.IntegerField(label="提前预警（小时）", widget=UnfoldAdminIntegerFieldWidget)
    opens_after_hours = forms.IntegerField(
        label="无结果多久后登记（小时）",
        required=False,
        help_text="只用于久无结果的退款和转账",
        widget=UnfoldAdminIntegerFieldWidget,
    )
    reason = forms.CharField(
        label="原因", min_length=4, max_length=200, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and (problem := problem_with(self.terms, kind=given["kind"])):
            raise forms.ValidationError(str(problem))
        return given

    @property
    def terms(self) -> CaseTerms:
        return CaseTerms(
            **{name: value for name, value in self.cleaned_data.items() if name not in ("kind", "reason")}
        )


@admin.register(CaseRule)
class CaseRuleAdmin(VersionAdmin):
    """Read kind by kind, the newest version first."""

    versions_of = ("kind",)
    list_display = (
        "kind",
        "shown_standing",
        "shown_handling",
        "shown_up_to",
        "shown_alone",
        "shown_clock",
        "shown_opening",
        "effective_from",
    )
    list_filter = (StandingFilter, "kind", "handling")
    list_per_page = 100
    ordering = ("kind", "-effective_from", "-id")
    fields = (*list_display, "shown_end", "shown_maker", "shown_checker")
    readonly_fields = fields
    actions_list = ("propose",)
    actions_detail = ("propose_next",)

    def has_propose_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.add_caserule")

    @action(description="申请调整规则", url_path="propose", icon="edit_note", permissions=["propose"])
    def propose(self, request: HttpRequest) -> HttpResponse:
        """Write the next version of one kind's rule, and hand it in."""
        form = CaseRuleForm(request.POST or None, initial=None if request.POST else _beginning(request.GET))
        if request.method == "POST" and form.is_valid() and _hand_in(request, form):
            messages.success(request, "已提交审批")
            return redirect(reverse("admin:payments_caserule_changelist"))
        return TemplateResponse(
            request,
            "admin/payments/propose_case_rule.html",
            {**self.admin_site.each_context(request), "title": "申请调整异常处理规则", "form": form},
        )

    @action(description="申请调整", url_path="propose-next", permissions=["propose"])
    def propose_next(self, request: HttpRequest, object_id: str) -> HttpResponse:
        beginning = urlencode({"kind": CaseRule.objects.get(pk=object_id).kind})
        return redirect(f"{reverse('admin:payments_caserule_propose')}?{beginning}")

    @admin.display(description="自动处理", ordering="handling")
    def shown_handling(self, rule: CaseRule) -> Any:
        return show_label(rule.get_handling_display(), _COLOURS[Handling(rule.handling)])

    @admin.display(description="自动处理上限（元）", ordering="up_to")
    def shown_up_to(self, rule: CaseRule) -> Any:
        return "—" if rule.handling == Handling.HAND else _limit(rule.up_to)

    @admin.display(description="单人处理上限（元）", ordering="alone_up_to")
    def shown_alone(self, rule: CaseRule) -> Any:
        return _limit(rule.alone_up_to) if rule.kind in WITH_MONEY else "—"

    @admin.display(description="时限", ordering="due_hours")
    def shown_clock(self, rule: CaseRule) -> str:
        return f"{rule.due_hours} 小时，提前 {rule.warn_hours} 小时预警"

    @admin.display(description="登记", ordering="opens_after_hours")
    def shown_opening(self, rule: CaseRule) -> str:
        return f"{rule.opens_after_hours} 小时无结果" if rule.opens_after_hours else "立即"


def _limit(amount: int | None) -> Any:
    return "不限" if amount is None else show_yuan(amount)


def _beginning(query: Any) -> dict[str, Any]:
    """What the form begins with: what counts now for the kind that was asked for."""
    asked = query.get("kind")
    kind = CaseKind(asked) if asked in set(CaseKind) else CaseKind.LATE_PAYMENT
    return {"kind": kind, **case_rule(kind, at=clock.now()).terms.columns}


def _hand_in(request: HttpRequest, form: CaseRuleForm) -> bool:
    given = form.cleaned_data
    try:
        propose_case_rule(
            kind=given["kind"], terms=form.terms, reason=given["reason"], maker_id=staff_id(request)
        )
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    return True
