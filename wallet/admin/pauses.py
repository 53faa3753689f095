"""Stop all money; ask to let it move again; when it stood still, and why."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import action

from wallet.models import Pause
from wallet.selectors.pauses import open_pause
from wallet.services.pauses import pause_money, propose_lift
from wallet_project.audit.naming import NamingAdmin, named
from wallet_project.kit.admin import ReasonForm, show_label, staff_id, told

_CAUSE_COLOURS = {"drift": "danger", "staff": "warning"}


@admin.register(Pause)
class PauseAdmin(NamingAdmin):
    mentions = ("raised_by", "lifted_by")
    list_display = (
        "shown_state",
        "shown_cause",
        "reason",
        "since",
        "shown_raised_by",
        "lifted_at",
        "shown_lifted_by",
    )
    list_filter = ("cause", "since")
    ordering = ("-id",)
    fields = (
        "shown_state",
        "scope",
        "shown_cause",
        "reason",
        "since",
        "shown_raised_by",
        "lifted_at",
        "shown_lifted_by",
        "lifted_reason",
    )
    readonly_fields = ("shown_state", "shown_cause", "shown_raised_by", "shown_lifted_by")
    actions_list = ("pause",)
    actions_detail = ("ask_to_lift",)

    def has_pause_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("wallet.pause_money") and open_pause() is None

    def has_lift_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        standing = Pause.objects.filter(pk=object_id or 0, lifted_at=None)
        return request.user.has_perm("wallet.pause_money") and standing.exists()

    @action(
        description="立即暂停",
        icon="pause_circle",
        permissions=["pause"],
        dialog={
            "title": "暂停全部资金业务",
            "description": "数秒内全部生效：付款、充值、退回和转出都不再受理，微信的通知照常入账。"
            "恢复须由另一位同事审批。原因会记入审计日志。",
            "form_class": ReasonForm,
            "form_submit_text": "立即暂停",
        },
    )
    def pause(self, request: HttpRequest, form: ReasonForm) -> HttpResponse:
        with told(request, "资金业务已暂停"):
            pause_money(reason=form.cleaned_data["reason"])
        return redirect(reverse("admin:wallet_pause_changelist"))

    @action(
        description="申请恢复",
        permissions=["lift"],
        dialog={
            "title": "恢复资金业务",
            "description": "须由另一位同事审批；账务告警未恢复相符时不能恢复。原因会记入审计日志。",
            "form_class": ReasonForm,
            "form_submit_text": "提交审批",
        },
    )
    def ask_to_lift(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        with told(request, "已提交审批"):
            propose_lift(
                pause_id=int(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request)
            )
        return self.back_to(object_id)

    @admin.display(description="状态", ordering="lifted_at")
    def shown_state(self, pause: Pause) -> Any:
        return show_label("已恢复", "success") if pause.lifted_at else show_label("暂停中", "danger")

    @admin.display(description="起因", ordering="cause")
    def shown_cause(self, pause: Pause) -> Any:
        return show_label(pause.get_cause_display(), _CAUSE_COLOURS.get(pause.cause))

    @admin.display(description="暂停人")
    def shown_raised_by(self, pause: Any) -> str:
        return named(pause.raised_by, pause.people)

    @admin.display(description="恢复人")
    def shown_lifted_by(self, pause: Any) -> str:
        return named(pause.lifted_by, pause.people) or "—"
