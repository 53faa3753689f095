"""Who is trusted, watched, denied."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from payments.models import RiskListEntry
from payments.rules.risk_lists import Listed, RiskList
from payments.services.risk_lists import add_to_list, take_off_list
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, ReasonForm, show_label, staff_id
from wallet_project.kit.errors import DomainError

_COLOURS = {"ALLOW": "success", "WATCH": "warning", "DENY": "danger"}


class EntryForm(BaseDialogForm):
    list_name = forms.ChoiceField(label="名单", choices=RiskList.choices, widget=UnfoldAdminSelectWidget)
    kind = forms.ChoiceField(label="对象", choices=Listed.choices, widget=UnfoldAdminSelectWidget)
    value = forms.CharField(
        label="内容",
        max_length=64,
        help_text="用户号、设备号，或 IP 与网段（如 203.0.113.0/24）",
        widget=UnfoldAdminTextInputWidget,
    )
    days = forms.IntegerField(
        label="天数",
        min_value=1,
        max_value=3650,
        required=False,
        help_text="不填为长期",
        widget=UnfoldAdminIntegerFieldWidget,
    )
    reason = forms.CharField(label="原因", min_length=4, max_length=200, widget=UnfoldAdminTextareaWidget)


@admin.register(RiskListEntry)
class RiskListEntryAdmin(ReadOnlyAdmin):
    list_display = ("shown_list", "kind", "value", "reason", "added_at", "shown_end")
    list_filter = ("list", "kind")
    search_fields = ("=value",)
    search_help_text = "用户号、设备号或网段"
    ordering = ("-id",)
    fields = ("shown_list", "kind", "value", "reason", "added_at", "shown_end")
    readonly_fields = ("shown_list", "shown_end")
    actions_list = ("add_entry",)
    actions_detail = ("take_off",)

    def has_write_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.add_risklistentry")

    @action(
        description="加入名单",
        permissions=["write"],
        dialog={
            "title": "加入名单",
            "description": "关注和黑名单立即生效；白名单由另一位同事批准。",
            "form_class": EntryForm,
            "form_submit_text": "加入",
        },
    )
    def add_entry(self, request: HttpRequest, form: EntryForm) -> HttpResponse:
        given = form.cleaned_data
        try:
            is_done = add_to_list(
                list_name=RiskList(given["list_name"]),
                kind=Listed(given["kind"]),
                value=given["value"],
                reason=given["reason"],
                expires_at=clock.now() + timedelta(days=given["days"]) if given["days"] else None,
                maker_id=staff_id(request),
            )
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, "已加入" if is_done else "已提交审批")
        return redirect(reverse("admin:payments_risklistentry_changelist"))

    @action(
        description="移出名单",
        permissions=["write"],
        dialog={
            "title": "移出名单",
            "description": "移出白名单立即生效；移出关注和黑名单由另一位同事批准。",
            "form_class": ReasonForm,
            "form_submit_text": "移出",
        },
    )
    def take_off(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        try:
            is_done = take_off_list(
                entry_id=int(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request)
            )
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, "已移出" if is_done else "已提交审批")
        return self.back_to(object_id)

    @admin.display(description="名单", ordering="list")
    def shown_list(self, entry: RiskListEntry) -> Any:
        return show_label(entry.get_list_display(), _COLOURS.get(entry.list))

    @admin.display(description="失效时间", ordering="expires_at")
    def shown_end(self, entry: RiskListEntry) -> Any:
        return entry.expires_at or "长期"
