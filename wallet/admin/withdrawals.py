"""Withdrawals, and the desk where large ones wait."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from wallet.models import Withdrawal
from wallet.rules.withdrawals import WithdrawalState
from wallet.services.withdrawals import approve_withdrawal, reject_withdrawal
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    Waits,
    link_to,
    row_act,
    show_label,
    show_yuan,
    staff_id,
)

_COLOURS = {
    "REVIEW": "warning",
    "APPROVED": "info",
    "SENDING": "info",
    "PAID": "success",
    "FAILED": "danger",
    "REJECTED": "danger",
}


@admin.register(Withdrawal)
class WithdrawalAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "shown_wallet",
        "shown_amount",
        "shown_fee",
        "shown_state",
        "requested_at",
        "ended_at",
    )
    list_filter = ("state", "requested_at")
    waits = Waits(
        words="待审核的提现",
        permission="wallet.review_withdrawal",
        which=Q(state=WithdrawalState.REVIEW),
        shows={"state__exact": WithdrawalState.REVIEW},
    )
    search_fields = ("=number", "=wallet__id", "=wallet__user__uid")
    search_help_text = "提现单号、钱包号或用户号"
    list_select_related = ("wallet",)
    ordering = ("-id",)
    fields = (
        "number",
        "shown_wallet",
        "shown_state",
        "way",
        "shown_amount",
        "shown_fee",
        "shown_paid",
        "shown_fee_paid",
        "shown_hold",
        "reason",
        "requested_at",
        "sent_at",
        "ended_at",
    )
    readonly_fields = (
        "shown_wallet",
        "shown_state",
        "shown_amount",
        "shown_fee",
        "shown_paid",
        "shown_fee_paid",
        "shown_hold",
    )
    actions_detail = ("approve", "reject")

    def has_review_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        waiting = Withdrawal.objects.filter(state=WithdrawalState.REVIEW)
        allowed = request.user.has_perm("wallet.review_withdrawal")
        return allowed and (object_id is None or waiting.filter(pk=object_id).exists())

    @row_act(
        "批准",
        permissions=["review"],
        done="已批准，正在转出",
        title="批准这笔提现",
        explains="批准后原路退回微信，退不回的转入微信零钱。请先核对顾客的充值与消费记录。",
    )
    def approve(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        approve_withdrawal(
            number=self._number(object_id),
            reviewer_id=staff_id(request),
            note=form.cleaned_data["reason"],
        )

    @row_act(
        "不批准",
        permissions=["review"],
        done="已退回顾客钱包",
        title="不批准这笔提现",
        explains="资金立即退回顾客钱包；说明会展示给顾客。",
    )
    def reject(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        reject_withdrawal(
            number=self._number(object_id),
            reviewer_id=staff_id(request),
            reason=form.cleaned_data["reason"],
        )

    def _number(self, object_id: str) -> str:
        return Withdrawal.objects.values_list("number", flat=True).get(pk=object_id)

    @admin.display(description="钱包")
    def shown_wallet(self, withdrawal: Withdrawal) -> Any:
        return link_to(withdrawal.wallet)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, withdrawal: Withdrawal) -> Any:
        return show_label(withdrawal.get_state_display(), _COLOURS.get(withdrawal.state))

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, withdrawal: Withdrawal) -> Any:
        return show_yuan(withdrawal.amount)

    @admin.display(description="手续费（元）")
    def shown_fee(self, withdrawal: Withdrawal) -> Any:
        return show_yuan(withdrawal.fee)

    @admin.display(description="已到账（元）")
    def shown_paid(self, withdrawal: Withdrawal) -> Any:
        return show_yuan(withdrawal.paid)

    @admin.display(description="已收手续费（元）")
    def shown_fee_paid(self, withdrawal: Withdrawal) -> Any:
        return show_yuan(withdrawal.fee_paid)

    @admin.display(description="资金冻结")
    def shown_hold(self, withdrawal: Withdrawal) -> Any:
        return link_to(withdrawal.hold)
