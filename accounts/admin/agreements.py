"""Agreements: draft, compare, hand in for publication."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.models import AgreementVersion, ConsentRecord
from accounts.rules.agreement_texts import as_html
from accounts.rules.agreements import AgreementKind, changes_between
from accounts.selectors.agreements import published_versions
from accounts.services.agreements import draft_next, propose_publication
from wallet_project.kit import clock
from wallet_project.kit.admin import ReasonForm, WalletAdmin, row_act, show_label, staff_id

_TEXTS = ("title", "body", "summary", "is_material", "effective_at")


@admin.register(AgreementVersion)
class AgreementVersionAdmin(WalletAdmin):
    """Only a draft can be changed; it is begun from a published version, and published by somebody else."""

    list_display = ("title", "shown_version", "shown_state", "shown_material", "effective_at", "published_at")
    list_filter = ("kind",)
    ordering = ("kind", "-version")
    readonly_fields = ("shown_version", "shown_state", "shown_text", "shown_changes", "shown_consents")
    fieldsets = (
        (None, {"fields": (("shown_version", "shown_state"), *_TEXTS)}),
        ("与上一版的差异", {"fields": ("shown_changes",)}),
        ("顾客看到的样子", {"fields": ("shown_text",)}),
        ("同意情况", {"fields": ("shown_consents",)}),
    )
    formfield_overrides = {
        models.TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 24})},
    }
    actions_detail = ("draft", "hand_in")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a new version is begun from the last one

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return _may_draft(request) and isinstance(obj, AgreementVersion) and obj.published_at is None

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_draft_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return _may_draft(request) and _is_published(object_id)

    def has_hand_in_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return _may_draft(request) and not _is_published(object_id)

    @action(
        description="起草新版本",
        permissions=["draft"],
        dialog={
            "title": "起草新版本",
            "description": "以现行文本为底稿；已有草稿时打开那一份。",
            "form_class": BaseDialogForm,
            "form_submit_text": "起草",
        },
    )
    def draft(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        kind = AgreementVersion.objects.get(pk=object_id).kind
        return self.back_to(draft_next(AgreementKind(kind)).pk)

    @row_act(
        "提交发布",
        permissions=["hand_in"],
        done="已提交审批",
        explains="由另一位有权限的同事审批后发布，正文随即不能再改。提交后又改动的须重新提交。",
        submit="提交",
    )
    def hand_in(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_publication(
            agreement_id=int(object_id),
            reason=form.cleaned_data["reason"],
            maker_id=staff_id(request),
        )

    @admin.display(description="版本", ordering="version")
    def shown_version(self, agreement: AgreementVersion) -> str:
        return f"第 {agreement.version} 版"

    @admin.display(description="状态")
    def shown_state(self, agreement: AgreementVersion) -> Any:
        if agreement.published_at is None:
            return show_label("草稿", "warning")
        if agreement.effective_at and agreement.effective_at > clock.now():
            return show_label("已公布，待生效", "info")
        return show_label("已生效", "success")

    @admin.display(description="需重新同意", boolean=True)
    def shown_material(self, agreement: AgreementVersion) -> bool:
        return agreement.is_material

    @admin.display(description="正文")
    def shown_text(self, agreement: AgreementVersion) -> str:
        return render_to_string("accounts/admin_text.html", {"text": as_html(agreement.body)})

    @admin.display(description="差异")
    def shown_changes(self, agreement: AgreementVersion) -> str:
        earlier = published_versions().filter(kind=agreement.kind, version__lt=agreement.version)
        before = earlier.order_by("-version").first()
        if before is None:
            return "首个版本"
        changes = changes_between(before.body, agreement.body)
        return render_to_string("accounts/admin_changes.html", {"changes": changes})

    @admin.display(description="人数")
    def shown_consents(self, agreement: AgreementVersion) -> str:
        said = agreement.consents.values("act").annotate(people=Count("user", distinct=True))
        counts = {row["act"]: row["people"] for row in said}
        given, withdrawn = (counts.get(act, 0) for act in ConsentRecord.Act.values)
        return f"{given:,} 人同意过，{withdrawn:,} 人撤回过"


def _may_draft(request: HttpRequest) -> bool:
    return request.user.has_perm("accounts.change_agreementversion")


def _is_published(object_id: str | None) -> bool:
    return object_id is not None and published_versions().filter(pk=object_id).exists()
