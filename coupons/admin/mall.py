"""Goods for points, and handing over what was chosen."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminTextInputWidget

from coupons.admin.fields import CouponField
from coupons.models import Good, MallOrder
from coupons.rules.mall import GoodKind, MallOrderState
from coupons.services.mall import cancel_order, pick_up
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.audit.naming import NamingAdmin, named
from wallet_project.kit.admin import ReasonForm, YuanField, link_to, row_act, show_label
from wallet_project.kit.errors import DomainError

_COLOURS = {"WAITING": "warning", "PICKED_UP": "success", "DONE": "success", "CANCELLED": "danger"}


class GoodForm(forms.ModelForm):
    template = CouponField(help_text="只用于优惠券")
    credit = YuanField(label="余额（赠金，元）", required=False, help_text="只用于余额；100 积分最多换 1 元")

    class Meta:
        model = Good
        fields = (
            "name",
            "kind",
            "description",
            "points",
            "credit",
            "credit_days",
            "template",
            "pick_up_at",
            "stock",
            "per_person",
            "starts_at",
            "ends_at",
        )
        help_texts = {
            "pick_up_at": "只用于实物",
            "credit_days": "不填为长期有效",
            "per_person": "不填为不限",
        }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        wanted = {
            GoodKind.CREDIT: "credit",
            GoodKind.COUPON: "template",
            GoodKind.PHYSICAL: "pick_up_at",
        }
        for kind, field in wanted.items():
            if bool(given.get(field)) != (given.get("kind") == kind):
                self.add_error(field, "这类商品必须填写" if given.get("kind") == kind else "这类商品不填")
        if given.get("credit") and given["credit"] > given.get("points", 0):
            self.add_error("credit", "100 积分最多换 1 元")
        if given.get("points") == 0:
            self.add_error("points", "请填写所需积分")
        begins, ends = given.get("starts_at"), given.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", "结束时间要晚于开始时间")
        return given


@admin.register(Good)
class GoodAdmin(AgreedAdmin):
    form = GoodForm
    list_display = ("name", "kind", "points", "stock", "taken", "per_person", "ends_at", "shown_state")
    list_filter = ("state", "kind")


class CodeForm(BaseDialogForm):
    code = forms.CharField(label="取货码", max_length=16, widget=UnfoldAdminTextInputWidget)


@admin.register(MallOrder)
class MallOrderAdmin(NamingAdmin):
    mentions = ("ended_by",)
    list_display = ("number", "shown_user", "good", "points", "shown_state", "made_at", "ended_at")
    list_filter = ("state", "made_at")
    search_fields = ("=number", "=user__uid")
    search_help_text = "兑换单号或用户号"
    list_select_related = ("user", "good")
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = ("number", "shown_user", "good", "points", "shown_state", "made_at", "ended_at", "shown_by")
    readonly_fields = ("shown_user", "shown_state", "shown_by")
    actions_list = ("hand_over",)
    actions_detail = ("cancel",)

    def has_redeem_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("coupons.redeem_mallorder"))

    def has_cancel_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        waits = MallOrder.objects.filter(pk=object_id or 0, state=MallOrderState.WAITING)
        return bool(request.user.has_perm("coupons.redeem_mallorder")) and waits.exists()

    @action(
        description="凭码自提",
        url_path="hand-over",
        permissions=["redeem"],
        dialog={
            "title": "凭取货码交付商品",
            "description": "请顾客在小程序里出示取货码；每个码只能用一次。",
            "form_class": CodeForm,
            "form_submit_text": "核销",
        },
    )
    def hand_over(self, request: HttpRequest, form: CodeForm) -> HttpResponse:
        try:
            order = pick_up(code=form.cleaned_data["code"].strip())
        except DomainError as error:
            messages.error(request, str(error.message))
            return redirect(reverse("admin:coupons_mallorder_changelist"))
        messages.success(request, f"请交付：{order.good}（{order.number}）")
        return self.back_to(order.pk)

    @row_act(
        "取消兑换",
        permissions=["cancel"],
        done="已取消，积分已退回",
        explains="用于缺货等情况：积分退回顾客，库存加回。",
    )
    def cancel(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        cancel_order(order_id=int(object_id), reason=form.cleaned_data["reason"])

    @admin.display(description="顾客")
    def shown_user(self, order: MallOrder) -> Any:
        return link_to(order.user)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, order: MallOrder) -> Any:
        return show_label(order.get_state_display(), _COLOURS.get(order.state))

    @admin.display(description="办结人")
    def shown_by(self, order: Any) -> str:
        return named(order.ended_by, order.people) if order.ended_by else "—"
