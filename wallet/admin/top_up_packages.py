"""Offers: written by one, put on sale by two, taken off by one."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from wallet.models import PackageState, TopUpPackage
from wallet.services.top_up_packages import propose_sale, retire_package
from wallet_project.kit.admin import (
    ReasonForm,
    WalletAdmin,
    YuanField,
    row_act,
    show_label,
    show_yuan,
    staff_id,
)

_COLOURS = {"DRAFT": "info", "ON_SALE": "success"}


class PackageForm(forms.ModelForm):
    amount = YuanField(label="充值金额")
    bonus = YuanField(label="赠送金额", help_text="单位：元；不能超过充值金额")

    class Meta:
        model = TopUpPackage
        fields = ("name", "amount", "bonus", "bonus_days", "per_person", "sold_from", "sold_until")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        amount, bonus = given.get("amount"), given.get("bonus")
        if amount is not None and bonus is not None and not 0 < bonus <= amount:
            self.add_error("bonus", "赠送金额要大于零，且不能超过充值金额")
        begins, ends = given.get("sold_from"), given.get("sold_until")
        if begins and ends and ends <= begins:
            self.add_error("sold_until", "停售时间要晚于开售时间")
        return given


@admin.register(TopUpPackage)
class TopUpPackageAdmin(WalletAdmin):
    form = PackageForm
    list_display = (
        "name",
        "shown_amount",
        "shown_bonus",
        "shown_days",
        "shown_times",
        "sold_from",
        "sold_until",
        "shown_state",
    )
    list_filter = ("state",)
    ordering = ("-id",)
    actions_detail = ("sell", "retire")

    def has_change_permission(self, request: HttpRequest, obj: TopUpPackage | None = None) -> bool:
        """What was on sale once is never changed: a new offer is a new package."""
        return super().has_change_permission(request, obj) and (
            obj is None or obj.state == PackageState.DRAFT
        )

    def has_delete_permission(self, request: HttpRequest, obj: TopUpPackage | None = None) -> bool:
        return False

    def has_sell_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("wallet.change_topuppackage") and _is(object_id, PackageState.DRAFT)

    def has_retire_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        offered = _is(object_id, PackageState.ON_SALE) or _is(object_id, PackageState.DRAFT)
        return request.user.has_perm("wallet.change_topuppackage") and offered

    @row_act(
        "申请上架",
        permissions=["sell"],
        done="已提交审批",
        title="上架这个套餐",
        explains="须由另一位同事审批；上架后内容不能再改。",
        submit="提交审批",
    )
    def sell(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_sale(
            package_id=int(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request)
        )

    @row_act(
        "下架",
        permissions=["retire"],
        done="套餐已下架",
        title="下架这个套餐",
        explains="下架后不能再购买；正在支付的顾客仍会得到赠送。",
    )
    def retire(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        retire_package(package_id=int(object_id), reason=form.cleaned_data["reason"])

    @admin.display(description="充值（元）", ordering="amount")
    def shown_amount(self, package: TopUpPackage) -> Any:
        return show_yuan(package.amount)

    @admin.display(description="赠送（元）", ordering="bonus")
    def shown_bonus(self, package: TopUpPackage) -> Any:
        return show_yuan(package.bonus)

    @admin.display(description="赠金有效期", ordering="bonus_days")
    def shown_days(self, package: TopUpPackage) -> str:
        return f"{package.bonus_days} 天" if package.bonus_days else "长期"

    @admin.display(description="每人限购", ordering="per_person")
    def shown_times(self, package: TopUpPackage) -> str:
        return f"{package.per_person} 次" if package.per_person else "不限"

    @admin.display(description="状态", ordering="state")
    def shown_state(self, package: TopUpPackage) -> Any:
        return show_label(package.get_state_display(), _COLOURS.get(package.state))


def _is(object_id: str | None, state: PackageState) -> bool:
    return object_id is None or TopUpPackage.objects.filter(pk=object_id, state=state).exists()
