"""Coupons of customers, batches of codes, and what staff gave."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action
from unfold.paginator import InfinitePaginator

from accounts.models import User
from coupons.models import CodeBatch, Coupon, CouponGrant, CouponState
from coupons.services.codes import take_codes_away
from coupons.services.coupons import void_coupon
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    link_to,
    row_act,
    show_label,
    show_yuan,
    staff_id,
)
from wallet_project.kit.errors import DomainError

_COLOURS = {"HELD": "success", "RESERVED": "info", "EXPIRED": "warning", "VOIDED": "danger"}


@admin.register(Coupon)
class CouponAdmin(ReadOnlyAdmin):
    list_display = (
        "serial",
        "shown_user",
        "template",
        "shown_face",
        "shown_state",
        "issued_at",
        "valid_until",
    )
    list_filter = ("state", "issued_at")
    search_fields = ("=serial", "=user__uid", "=reference", "=cause")
    search_help_text = "券号、用户号、使用单号或发放单号"
    list_select_related = ("user", "template")
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "serial",
        "shown_user",
        "template",
        "shown_face",
        "shown_state",
        "cause",
        "reference",
        "shown_off",
        "issued_at",
        "valid_from",
        "valid_until",
        "ended_at",
    )
    readonly_fields = ("shown_user", "shown_face", "shown_state", "shown_off")
    actions_detail = ("void",)

    def has_void_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        held = object_id is None or Coupon.objects.filter(pk=object_id, state=CouponState.HELD).exists()
        return held and request.user.has_perm("coupons.void_coupon")

    @row_act(
        "作废",
        permissions=["void"],
        done="已作废",
        explains="顾客将不能再使用这张优惠券，不能恢复。",
    )
    def void(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        void_coupon(coupon_id=int(object_id), reason=form.cleaned_data["reason"])

    @admin.display(description="顾客")
    def shown_user(self, coupon: Coupon) -> Any:
        return link_to(coupon.user)

    @admin.display(description="最多可抵（元）", ordering="face")
    def shown_face(self, coupon: Coupon) -> Any:
        return show_yuan(coupon.face)

    @admin.display(description="实际优惠（元）")
    def shown_off(self, coupon: Coupon) -> Any:
        return show_yuan(coupon.worth)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, coupon: Coupon) -> Any:
        return show_label(str(coupon.get_state_display()), _COLOURS.get(coupon.state))


class _DecidedAdmin(ReadOnlyAdmin):
    """What one member of staff, or two, have decided: with their names."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        names = User.objects.values("nickname")
        decided = super().get_queryset(request).select_related("template")
        return decided.annotate(
            maker_name=Subquery(names.filter(pk=OuterRef("maker_id"))),
            checker_name=Subquery(names.filter(pk=OuterRef("checker_id"))),
        )

    @admin.display(description="申请人")
    def shown_maker(self, row: Any) -> str:
        return row.maker_name or "—"

    @admin.display(description="审批人")
    def shown_checker(self, row: Any) -> str:
        return row.checker_name or "—"


@admin.register(CodeBatch)
class CodeBatchAdmin(_DecidedAdmin):
    list_display = ("number", "template", "count", "reason", "created_at", "exported_at")
    search_fields = ("=number",)
    ordering = ("-id",)
    fields = (
        "number",
        "template",
        "count",
        "reason",
        "shown_maker",
        "shown_checker",
        "created_at",
        "exported_at",
    )
    readonly_fields = ("shown_maker", "shown_checker")
    actions_detail = ("export",)

    def has_export_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        waits = object_id is None or CodeBatch.objects.filter(pk=object_id, exported_at=None).exists()
        return waits and request.user.has_perm("coupons.export_codebatch")

    @action(
        description="导出兑换码（仅一次）",
        permissions=["export"],
        dialog={
            "title": "导出兑换码",
            "description": "兑换码只在这个文件里，导出后不能再次查看，请妥善保管。",
            "form_class": ReasonForm,
            "form_submit_text": "导出",
        },
    )
    def export(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        try:
            lines = take_codes_away(batch_id=int(object_id), staff_id=staff_id(request))
        except DomainError as error:
            messages.error(request, str(error.message))
            return self.back_to(object_id)
        return HttpResponse(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="codes.csv"', "Cache-Control": "no-store"},
        )


@admin.register(CouponGrant)
class CouponGrantAdmin(_DecidedAdmin):
    list_display = ("number", "template", "shown_people", "shown_given", "reason", "created_at")
    search_fields = ("=number",)
    ordering = ("-id",)
    fields = (
        "number",
        "template",
        "shown_people",
        "shown_given",
        "reason",
        "shown_maker",
        "shown_checker",
        "created_at",
    )
    readonly_fields = ("shown_people", "shown_given", "shown_maker", "shown_checker")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        coupons = Coupon.objects.filter(cause=OuterRef("number")).order_by().values("cause")
        return (
            super()
            .get_queryset(request)
            .annotate(given=Subquery(coupons.annotate(n=Count("pk")).values("n")))
        )

    @admin.display(description="人数")
    def shown_people(self, grant: CouponGrant) -> int:
        return len(grant.user_ids)

    @admin.display(description="已发放")
    def shown_given(self, grant: Any) -> int:
        return grant.given or 0
