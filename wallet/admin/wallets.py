"""One wallet, whole, and what staff may do to it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from wallet.admin.overview import (
    show_balances,
    show_holds,
    show_limits,
    show_lots,
    show_records,
    show_trail,
    show_withdrawable,
)
from wallet.models import Wallet, WalletStatus
from wallet.rules.adjustments import AdjustmentCause, Colour
from wallet.rules.freezes import FreezeCause, FreezeScope
from wallet.services.adjustments import propose_adjustment
from wallet.services.freezes import FROZEN, freeze_wallet, propose_unfreeze
from wallet_project.kit import clock
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    YuanField,
    link_to,
    row_act,
    show_label,
    staff_id,
)

WALLET_COLOURS = {
    "OPEN": "success",
    "FROZEN": "danger",
    "CREDIT_FROZEN": "danger",
    "ALL_FROZEN": "danger",
    "CLOSED": "default",
}


class FreezeForm(BaseDialogForm):
    scope = forms.ChoiceField(label="范围", choices=FreezeScope.choices, widget=UnfoldAdminSelectWidget)
    cause = forms.ChoiceField(
        label="告知顾客的原因", choices=FreezeCause.choices, widget=UnfoldAdminSelectWidget
    )
    days = forms.IntegerField(
        label="天数",
        min_value=1,
        max_value=365,
        required=False,
        help_text="到期自动解冻；不填则须由两人解冻",
        widget=UnfoldAdminIntegerFieldWidget,
    )
    reason = forms.CharField(label="内部说明", min_length=4, max_length=200, widget=UnfoldAdminTextareaWidget)


class AdjustmentForm(BaseDialogForm):
    colour = forms.ChoiceField(label="科目", choices=Colour.choices, widget=UnfoldAdminSelectWidget)
    direction = forms.ChoiceField(
        label="方向", choices=[("in", "增加"), ("out", "减少")], widget=UnfoldAdminSelectWidget
    )
    amount = YuanField(label="金额")
    cause = forms.ChoiceField(label="原因", choices=AdjustmentCause.choices, widget=UnfoldAdminSelectWidget)
    ticket = forms.CharField(label="工单号", max_length=64, widget=UnfoldAdminTextInputWidget)
    note = forms.CharField(label="说明", min_length=4, max_length=200, widget=UnfoldAdminTextareaWidget)

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError("金额要大于零")
        return amount


@admin.register(Wallet)
class WalletAdmin(ReadOnlyAdmin):
    """Everything about one wallet, and what staff may do to it."""

    list_display = ("shown_id", "user", "shown_status", "status_reason", "frozen_until", "opened_at")
    list_filter = ("status",)
    search_fields = ("=id", "=user__uid")
    search_help_text = "钱包号或用户号"
    list_select_related = ("user",)
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "shown_user",
                    "shown_status",
                    "status_reason",
                    "status_since",
                    "frozen_until",
                    "opened_at",
                )
            },
        ),
        ("余额", {"fields": ("balances",)}),
        ("可提现", {"fields": ("withdrawable",)}),
        ("冻结中的资金", {"fields": ("holds",)}),
        ("资金批次", {"fields": ("lots",)}),
        ("限额（元，已用 / 上限）", {"fields": ("limits",)}),
        ("最近账单", {"fields": ("records",)}),
        ("冻结与审批记录", {"fields": ("trail",)}),
    )
    readonly_fields = (
        "shown_user",
        "shown_status",
        "balances",
        "withdrawable",
        "holds",
        "lots",
        "limits",
        "records",
        "trail",
    )
    actions_detail = ("freeze", "unfreeze", "adjust")

    def has_freeze_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("wallet.change_wallet") and _is(object_id, WalletStatus.OPEN, *FROZEN)

    def has_unfreeze_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("wallet.change_wallet") and _is(object_id, *FROZEN)

    def has_adjust_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("wallet.propose_adjustment") and _is(
            object_id, WalletStatus.OPEN, *FROZEN
        )

    @row_act(
        "冻结",
        permissions=["freeze"],
        done="钱包已冻结",
        title="冻结这个钱包",
        explains="冻结前已承诺的付款仍会完成；顾客会收到通知和申诉方式。说明会记入审计日志。",
        form=FreezeForm,
    )
    def freeze(self, request: HttpRequest, form: FreezeForm, object_id: str) -> None:
        wish = form.cleaned_data
        days = wish["days"]
        freeze_wallet(
            wallet_id=int(object_id),
            scope=FreezeScope(wish["scope"]),
            cause=FreezeCause(wish["cause"]),
            until=clock.now() + timedelta(days=days) if days else None,
            reason=wish["reason"],
        )

    @row_act(
        "申请解冻",
        permissions=["unfreeze"],
        done="已提交审批",
        title="解冻这个钱包",
        explains="须由另一位同事审批；批准后恢复正常。原因会记入审计日志。",
        submit="提交审批",
    )
    def unfreeze(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_unfreeze(
            wallet_id=int(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request)
        )

    @row_act(
        "申请调账",
        permissions=["adjust"],
        done="已提交审批",
        title="人工调账",
        explains="须由财务审批后入账；顾客会在账单里看到这一笔。",
        submit="提交审批",
        form=AdjustmentForm,
    )
    def adjust(self, request: HttpRequest, form: AdjustmentForm, object_id: str) -> None:
        wish = form.cleaned_data
        propose_adjustment(
            wallet_id=int(object_id),
            colour=Colour(wish["colour"]),
            amount=wish["amount"] if wish["direction"] == "in" else -wish["amount"],
            cause=AdjustmentCause(wish["cause"]),
            ticket=wish["ticket"],
            note=wish["note"],
            maker_id=staff_id(request),
        )

    @admin.display(description="钱包号", ordering="id")
    def shown_id(self, wallet: Wallet) -> int:
        return wallet.pk

    @admin.display(description="用户")
    def shown_user(self, wallet: Wallet) -> Any:
        return link_to(wallet.user)

    @admin.display(description="状态", ordering="status")
    def shown_status(self, wallet: Wallet) -> Any:
        return show_label(wallet.get_status_display(), WALLET_COLOURS.get(wallet.status))

    @admin.display(description="")
    def balances(self, wallet: Wallet) -> Any:
        return show_balances(wallet)

    @admin.display(description="")
    def withdrawable(self, wallet: Wallet) -> Any:
        return show_withdrawable(wallet)

    @admin.display(description="")
    def holds(self, wallet: Wallet) -> Any:
        return show_holds(wallet)

    @admin.display(description="")
    def lots(self, wallet: Wallet) -> Any:
        return show_lots(wallet)

    @admin.display(description="")
    def limits(self, wallet: Wallet) -> Any:
        return show_limits(wallet)

    @admin.display(description="")
    def records(self, wallet: Wallet) -> Any:
        return show_records(wallet)

    @admin.display(description="")
    def trail(self, wallet: Wallet) -> Any:
        return show_trail(wallet)


def _is(object_id: str | None, *states: str) -> bool:
    return object_id is None or Wallet.objects.filter(pk=object_id, status__in=states).exists()
