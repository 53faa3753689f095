"""The levels that people have, and why."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.reveals import Reveals
from accounts.models import KycChange, RealName
from accounts.rules.kyc import KycLevel
from accounts.services.kyc_levels import propose_downgrade
from wallet_project.kit import clock
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    link_to,
    row_act,
    show_label,
    show_table,
    staff_id,
)

LEVEL_COLOURS = {1: "info", 2: "success", 3: "success"}


@admin.register(RealName)
class RealNameAdmin(Reveals, ReadOnlyAdmin):
    list_display = ("shown_user", "name_shown", "shown_level", "changed_at", "valid_until", "adult_on")
    list_filter = ("level", "valid_until")
    search_fields = ("=user__uid",)
    search_help_text = "用户号"
    list_select_related = ("user__personal_key", "evidence")
    ordering = ("-since",)
    fields = (
        "shown_user",
        "name_shown",
        "id_number_shown",
        "shown_level",
        "changed_at",
        "valid_until",
        "adult_on",
        "shown_evidence",
        "history",
    )
    readonly_fields = (
        "shown_user",
        "name_shown",
        "id_number_shown",
        "shown_level",
        "changed_at",
        "shown_evidence",
        "history",
    )
    actions_detail = ("lower", "reveal")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RealName]:
        return super().get_queryset(request).select_related("evidence__user__personal_key", "user")

    def in_clear(self, real_name: RealName) -> dict[str, str | None]:
        evidence = real_name.evidence
        return {"姓名": evidence.opened("name"), "身份证号": evidence.opened("id_number")}

    def has_lower_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        if object_id is None or not request.user.has_perm("accounts.lower_realname"):
            return False
        return RealName.objects.filter(pk=object_id, level__gt=KycLevel.NONE).exists()

    @row_act(
        "申请降级",
        permissions=["lower"],
        done="已提交审批",
        title="降低这位顾客的实名等级",
        explains="须由另一位同事审批；批准后只剩手机号对应的等级。原因会记入审计日志。",
        submit="提交审批",
    )
    def lower(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_downgrade(
            real_name=RealName.objects.get(pk=object_id),
            reason=form.cleaned_data["reason"],
            maker_id=staff_id(request),
        )

    @admin.display(description="用户", ordering="user")
    def shown_user(self, real_name: RealName) -> Any:
        return link_to(real_name.user)

    @admin.display(description="姓名")
    def name_shown(self, real_name: RealName) -> str:
        return real_name.evidence.name_masked or "—"

    @admin.display(description="身份证号")
    def id_number_shown(self, real_name: RealName) -> str:
        return real_name.evidence.id_number_masked or "—"

    @admin.display(description="等级", ordering="level")
    def shown_level(self, real_name: RealName) -> Any:
        return show_label(str(real_name.get_level_display()), LEVEL_COLOURS.get(real_name.level))

    @admin.display(description="等级起始", ordering="since")
    def changed_at(self, real_name: RealName) -> datetime:
        return real_name.since

    @admin.display(description="依据")
    def shown_evidence(self, real_name: RealName) -> Any:
        return link_to(real_name.evidence)

    @admin.display(description="变更记录")
    def history(self, real_name: RealName) -> Any:
        changes = KycChange.objects.filter(user_id=real_name.user_id).order_by("-pk")[:20]
        return show_table(
            ["时间", "变更", "原因", "说明"],
            [
                [
                    clock.iso(change.at)[:16].replace("T", " "),
                    str(change),
                    change.get_reason_display(),
                    change.note or "—",
                ]
                for change in changes
            ],
        )
