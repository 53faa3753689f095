"""The desk for customers who lost their old phone."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from accounts.models import PhoneChangeRequest
from accounts.services.phone_requests import propose_phone_change, refuse_phone_request
from wallet_project.kit.admin import ReadOnlyAdmin, ReasonForm, Waits, link_to, row_act, show_label, staff_id

STATE_COLOURS = {"OPEN": "warning", "DONE": "success", "REFUSED": "danger"}


@admin.register(PhoneChangeRequest)
class PhoneChangeRequestAdmin(ReadOnlyAdmin):
    list_display = ("requested_at", "shown_user", "shown_phones", "shown_state", "ended_at")
    list_filter = ("state", "requested_at")
    waits = Waits(
        words="待处理的换号申请",
        permission="accounts.propose_phone_change",
        which=Q(state="OPEN"),
        shows={"state__exact": "OPEN"},
    )
    list_select_related = ("user__personal_key",)
    search_fields = ("=user__uid",)
    search_help_text = "用户号"
    ordering = ("-id",)
    fields = (
        "shown_user",
        "shown_phones",
        "shown_reason",
        "shown_state",
        "answer",
        "requested_at",
        "ended_at",
    )
    readonly_fields = ("shown_user", "shown_phones", "shown_reason", "shown_state")
    actions_detail = ("put_forward", "refuse")

    def has_propose_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("accounts.propose_phone_change")

    @row_act(
        "提交审批",
        permissions=["propose"],
        done="已提交审批",
        title="提交换绑审批",
        explains="请先核实是本人（如最近交易、实名信息）。须由另一位同事批准后才会更换。",
    )
    def put_forward(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_phone_change(
            request_id=int(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request)
        )

    @row_act(
        "不予通过",
        permissions=["propose"],
        done="已答复用户",
        explains="原手机号保持不变；答复会展示给用户。",
    )
    def refuse(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        refuse_phone_request(request_id=int(object_id), answer=form.cleaned_data["reason"])

    @admin.display(description="用户")
    def shown_user(self, request: PhoneChangeRequest) -> Any:
        return link_to(request.user)

    @admin.display(description="原号码 → 新号码")
    def shown_phones(self, request: PhoneChangeRequest) -> str:
        return f"{request.user.phone_masked or '—'} → {request.phone_masked}"

    @admin.display(description="用户说明")
    def shown_reason(self, request: PhoneChangeRequest) -> str:
        return request.reason or "—"

    @admin.display(description="状态", ordering="state")
    def shown_state(self, request: PhoneChangeRequest) -> Any:
        return show_label(request.get_state_display(), STATE_COLOURS.get(request.state))
