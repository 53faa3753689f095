"""The review desk of real names."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminRadioSelectWidget

from accounts.admin.reveals import Reveals
from accounts.models import KycApplication
from accounts.rules.id_cards import age_on, birthday_of
from accounts.rules.kyc import APPROVALS, REFUSALS, DecisionReason, KycKind, KycState
from accounts.services.kyc_review import approve_application, reject_application
from wallet_project.kit import clock
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    Waits,
    link_to,
    show_label,
    show_table,
    staff_id,
)
from wallet_project.kit.errors import DomainError

STATE_COLOURS = {
    "SUBMITTED": "info",
    "VERIFYING": "info",
    "REVIEW": "warning",
    "APPROVED": "success",
    "REJECTED": "danger",
}
ANSWER_COLOURS = {"MATCH": "success", "MISMATCH": "danger", "NO_RECORD": "warning"}


def _choices(reasons: tuple[DecisionReason, ...]) -> list[tuple[str, Any]]:
    return [(reason.value, reason.label) for reason in reasons]


class ApproveForm(ReasonForm):
    ground = forms.ChoiceField(label="依据", choices=_choices(APPROVALS), widget=UnfoldAdminRadioSelectWidget)
    field_order = ("ground", "reason")


class RejectForm(ReasonForm):
    ground = forms.ChoiceField(
        label="原因类别", choices=_choices(REFUSALS), widget=UnfoldAdminRadioSelectWidget
    )
    field_order = ("ground", "reason")


@admin.register(KycApplication)
class KycApplicationAdmin(Reveals, ReadOnlyAdmin):
    """What waits for a person comes first, the oldest of it at the top."""

    list_display = (
        "submitted_at",
        "shown_state",
        "name_shown",
        "id_number_shown",
        "kind",
        "shown_answer",
        "minor",
        "decided_at",
    )
    list_filter = ("state", "kind", "for_minor", "submitted_at")
    waits = Waits(
        words="待审核的实名",
        permission="accounts.review_kycapplication",
        which=Q(state=KycState.REVIEW),
        shows={"state__exact": KycState.REVIEW},
    )
    search_fields = ("=number", "=user__uid")
    search_help_text = "申请号或用户号"
    list_select_related = ("user__personal_key",)
    fieldsets = (
        (
            "申请",
            {
                "fields": (
                    "number",
                    "shown_state",
                    "to_do",
                    "kind",
                    "shown_user",
                    "submitted_at",
                    "decided_at",
                )
            },
        ),
        (
            "证据",
            {
                "fields": (
                    "name_shown",
                    "id_number_shown",
                    "age",
                    "valid_until",
                    "phone",
                    "guardian",
                    "shown_answer",
                    "asked",
                )
            },
        ),
        ("审核", {"fields": ("reason", "note", "reviewer", "earlier")}),
    )
    readonly_fields = (
        "shown_state",
        "to_do",
        "shown_user",
        "name_shown",
        "id_number_shown",
        "age",
        "phone",
        "guardian",
        "shown_answer",
        "reviewer",
        "earlier",
    )
    actions_detail = ("approve", "reject", "reveal")

    def get_queryset(self, request: HttpRequest) -> QuerySet[KycApplication]:
        return super().get_queryset(request).select_related("user__personal_key")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        waiting = Case(When(state=KycState.REVIEW, then="submitted_at"))
        return [waiting.asc(nulls_last=True), "-submitted_at"]

    def in_clear(self, application: KycApplication) -> dict[str, str | None]:
        return {
            "姓名": application.opened("name"),
            "身份证号": application.opened("id_number"),
            "手机号": application.user.phone,
            "监护人": application.opened("guardian_name"),
            "监护人手机号": application.opened("guardian_phone"),
        }

    def has_review_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        if object_id is None or not request.user.has_perm("accounts.review_kycapplication"):
            return False
        return KycApplication.objects.filter(pk=object_id, state=KycState.REVIEW).exists()

    @action(
        description="通过",
        permissions=["review"],
        dialog={
            "title": "通过这份实名申请",
            "description": "请先核对证件原件或致电监护人。依据和说明会记入审计日志。",
            "form_class": ApproveForm,
            "form_submit_text": "通过",
        },
    )
    def approve(self, request: HttpRequest, form: ApproveForm, object_id: str) -> HttpResponse:
        return self._decide(approve_application, request, form, object_id)

    @action(
        description="不通过",
        permissions=["review"],
        dialog={
            "title": "不通过这份实名申请",
            "description": "顾客只会看到原因类别对应的说明；提交的姓名和证件号随即删除。",
            "form_class": RejectForm,
            "form_submit_text": "不通过",
        },
    )
    def reject(self, request: HttpRequest, form: RejectForm, object_id: str) -> HttpResponse:
        return self._decide(reject_application, request, form, object_id)

    def _decide(
        self, decide: Any, request: HttpRequest, form: ApproveForm | RejectForm, object_id: str
    ) -> HttpResponse:
        application = KycApplication.objects.get(pk=object_id)
        try:
            decided = decide(
                number=application.number,
                reviewer_id=staff_id(request),
                reason=DecisionReason(form.cleaned_data["ground"]),
                note=form.cleaned_data["reason"],
            )
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            said = f"{decided.get_state_display()}：{decided.get_reason_display()}"
            messages.success(request, said)
        return self.back_to(object_id)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, application: KycApplication) -> Any:
        return show_label(str(application.get_state_display()), STATE_COLOURS.get(application.state))

    @admin.display(description="需要做的")
    def to_do(self, application: KycApplication) -> str:
        if application.state != KycState.REVIEW:
            return "—"
        if application.for_minor:
            return "致电监护人，确认其同意"
        return "库中没有记录：请顾客出示身份证原件，逐项核对"

    @admin.display(description="未成年人", ordering="for_minor")
    def minor(self, application: KycApplication) -> Any:
        return show_label("未成年人", "warning") if application.for_minor else "—"

    @admin.display(description="姓名")
    def name_shown(self, application: KycApplication) -> str:
        return application.name_masked or "—"

    @admin.display(description="身份证号")
    def id_number_shown(self, application: KycApplication) -> str:
        return application.id_number_masked or "—"

    @admin.display(description="年龄")
    def age(self, application: KycApplication) -> str:
        id_number = application.opened("id_number")
        if id_number is None:
            return "—"
        today = clock.business_day(clock.now())
        return f"{age_on(today, birthday=birthday_of(id_number))} 周岁"

    @admin.display(description="绑定手机号")
    def phone(self, application: KycApplication) -> str:
        return application.user.phone_masked or "—"

    @admin.display(description="监护人")
    def guardian(self, application: KycApplication) -> str:
        return application.guardian_masked or "—"

    @admin.display(description="核验机构答复", ordering="answer")
    def shown_answer(self, application: KycApplication) -> Any:
        if not application.answer:
            return "—"
        return show_label(application.get_answer_display(), ANSWER_COLOURS.get(application.answer))

    @admin.display(description="用户")
    def shown_user(self, application: KycApplication) -> Any:
        return link_to(application.user)

    @admin.display(description="审核人")
    def reviewer(self, application: KycApplication) -> str:
        reviewer = application.reviewer
        return str(reviewer) if reviewer else "—"

    @admin.display(description="以前的申请")
    def earlier(self, application: KycApplication) -> Any:
        others = application.user.kyc_applications.filter(pk__lt=application.pk).order_by("-pk")[:10]
        if not others:
            return "—"
        return show_table(
            ["提交时间", "类型", "状态", "原因"],
            [
                [
                    clock.iso(other.submitted_at)[:16].replace("T", " "),
                    KycKind(other.kind).label,
                    other.get_state_display(),
                    other.get_reason_display(),
                ]
                for other in others
            ],
        )
