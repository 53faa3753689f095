"""Refunds of orders: the desk where requests wait, and what did not arrive."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html_join
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import User
from payments.models import OrderRefund, OrderRefundPart
from payments.rules.order_refunds import OrderRefundState, RefundReason
from payments.rules.refund_splits import Destination
from payments.rules.refund_states import RefundState
from payments.rules.refund_words import expected_of
from payments.services.delayed_refunds import ask_wechat_again, propose_to_balance, send_to_card
from payments.services.refund_decisions import approve_refund, reject_refund
from wallet.selectors.journal import journal_named
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    ReasonForm,
    Waits,
    YuanField,
    link_to,
    row_act,
    show_label,
    show_yuan,
    staff_id,
)

ORDER_REFUND_COLOURS = {
    "REVIEW": "warning",
    "PROCESSING": "info",
    "SUCCEEDED": "success",
    "DELAYED": "danger",
    "REJECTED": "default",
    "WITHDRAWN": "default",
}


class OrderRefundForm(BaseDialogForm):
    amount = YuanField(label="退款金额")
    because = forms.ChoiceField(label="原因", choices=RefundReason.choices, widget=UnfoldAdminSelectWidget)
    note = forms.CharField(
        label="说明（顾客可见）", required=False, max_length=200, widget=UnfoldAdminTextareaWidget
    )

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError("退款金额要大于零")
        return amount


class CardForm(BaseDialogForm):
    """Passed on to WeChat encrypted, and not kept."""

    bank_type = forms.RegexField(
        r"^[A-Z0-9_]{2,16}$",
        label="银行类型",
        help_text="微信的银行类型编码，例如 ICBC_DEBIT",
        widget=UnfoldAdminTextInputWidget,
    )
    account = forms.RegexField(
        r"^[0-9]{8,32}$", label="银行卡号", strip=True, widget=UnfoldAdminTextInputWidget
    )
    name = forms.CharField(label="持卡人姓名", max_length=64, widget=UnfoldAdminTextInputWidget)


class ShowsOrderRefund:
    """What the list, the page and an order's inline say of a refund alike."""

    @admin.display(description="状态", ordering="state")
    def shown_state(self, refund: OrderRefund) -> Any:
        return show_label(refund.get_state_display(), ORDER_REFUND_COLOURS.get(refund.state))

    @admin.display(description="退款金额（元）", ordering="amount")
    def shown_amount(self, refund: OrderRefund) -> Any:
        return show_yuan(refund.amount)


class RefundsOfOrder(ShowsOrderRefund, ReadOnlyInline):
    model = OrderRefund
    fields = ("shown_number", "origin", "reason", "shown_amount", "shown_state", "requested_at", "ended_at")
    readonly_fields = fields

    @admin.display(description="退款单号")
    def shown_number(self, refund: OrderRefund) -> Any:
        return link_to(refund)


class Parts(ReadOnlyInline):
    model = OrderRefundPart
    fields = ("source", "shown_amount", "goes_to", "shown_arrival", "shown_attempts")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        parts = super().get_queryset(request)
        return parts.select_related("source", "refund").prefetch_related("attempts").order_by("source__place")

    @admin.display(description="金额（元）")
    def shown_amount(self, part: OrderRefundPart) -> Any:
        return show_yuan(part.amount)

    @admin.display(description="到账")
    def shown_arrival(self, part: OrderRefundPart) -> str:
        return expected_of(part.going)

    @admin.display(description="微信退款单")
    def shown_attempts(self, part: OrderRefundPart) -> Any:
        attempts = sorted(part.attempts.all(), key=lambda attempt: attempt.pk)
        return (
            format_html_join(
                " ", "{} {}", ((link_to(attempt), attempt.get_state_display()) for attempt in attempts)
            )
            or "—"
        )


@admin.register(OrderRefund)
class OrderRefundAdmin(ShowsOrderRefund, ReadOnlyAdmin):
    list_display = (
        "number",
        "shown_order",
        "origin",
        "reason",
        "shown_amount",
        "shown_state",
        "requested_at",
        "ended_at",
    )
    list_filter = ("state", "origin", "reason", "requested_at", "accepted_at")
    waits = Waits(
        words="待审核的退款",
        permission="payments.review_orderrefund",
        which=Q(state=OrderRefundState.REVIEW),
        shows={"state__exact": OrderRefundState.REVIEW},
    )
    search_fields = ("=number", "=order__number", "=order__shop_order_no", "=shop_refund_no")
    search_help_text = "退款单号、订单号、商城订单号或商城退款号"
    list_select_related = ("order",)
    ordering = ("-id",)
    inlines = (Parts,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "number",
                    "shown_state",
                    "shown_order",
                    "shown_payer",
                    "shown_amount",
                    "origin",
                    "reason",
                    "note",
                    "answer",
                    "shop_refund_no",
                )
            },
        ),
        (
            "经办",
            {
                "fields": (
                    "shown_maker",
                    "shown_reviewer",
                    "shown_journal",
                    "requested_at",
                    "accepted_at",
                    "ended_at",
                )
            },
        ),
    )
    readonly_fields = (
        "shown_state",
        "shown_order",
        "shown_payer",
        "shown_amount",
        "shown_maker",
        "shown_reviewer",
        "shown_journal",
    )
    actions_detail = ("approve", "reject", "again", "to_balance", "to_card")

    def has_review_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        waiting = OrderRefund.objects.filter(state=OrderRefundState.REVIEW)
        allowed = request.user.has_perm("payments.review_orderrefund")
        return allowed and (object_id is None or waiting.filter(pk=object_id).exists())

    def has_help_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may_help(request, object_id, RefundState.CLOSED)

    def has_card_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may_help(request, object_id, RefundState.ABNORMAL)

    def _may_help(self, request: HttpRequest, object_id: str | None, state: RefundState) -> bool:
        """What is delayed, and how WeChat's last attempt stands."""
        if not request.user.has_perm("payments.review_orderrefund"):
            return False
        if object_id is None:
            return True
        stuck = OrderRefundPart.objects.filter(
            refund_id=int(object_id), refund__state=OrderRefundState.DELAYED, goes_to=Destination.WECHAT
        )
        part = stuck.first()
        last = part.attempts.order_by("-pk").first() if part else None
        return last is not None and last.state == state

    @row_act(
        "批准退款",
        permissions=["review"],
        title="批准这笔退款",
        explains="按付款来源的比例原路退回。超过单人额度时，须由另一位同事审批。",
        submit="批准",
    )
    def approve(self, request: HttpRequest, form: ReasonForm, object_id: str) -> str:
        refund = approve_refund(
            number=self._number(object_id), reviewer_id=staff_id(request), note=form.cleaned_data["reason"]
        )
        waiting = refund.state == OrderRefundState.REVIEW
        return "超过单人额度，已提交审批" if waiting else "已批准，正在退款"

    @row_act(
        "不予退款",
        permissions=["review"],
        done="已告知顾客",
        explains="原因会展示给顾客；顾客可以再申请一次。",
    )
    def reject(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        reject_refund(
            number=self._number(object_id), reviewer_id=staff_id(request), answer=form.cleaned_data["reason"]
        )

    @row_act(
        "重新向微信退款",
        permissions=["help"],
        done="已重新发起",
        title="用新的退款单号再向微信申请一次",
        explains="上一次微信已关闭或拒绝，款项没有退出。",
        submit="重新退款",
        form=BaseDialogForm,
    )
    def again(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> None:
        ask_wechat_again(number=self._number(object_id))

    @row_act(
        "改退至钱包余额",
        permissions=["help"],
        done="已提交审批",
        title="把微信未能退回的部分转入顾客钱包",
        explains="须由另一位同事审批；转入本金，顾客可以消费或提现。",
        submit="提交审批",
    )
    def to_balance(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_to_balance(
            number=self._number(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request)
        )

    @row_act(
        "退至顾客的其他银行卡",
        permissions=["card"],
        done="微信已受理，结果会自动更新",
        title="请微信把异常退款退至顾客本人的另一张银行卡",
        explains="卡号和姓名加密后交给微信，本系统不保存。请先与顾客核对。",
        submit="提交微信",
        form=CardForm,
    )
    def to_card(self, request: HttpRequest, form: CardForm, object_id: str) -> None:
        send_to_card(number=self._number(object_id), **form.cleaned_data)

    def _number(self, object_id: str) -> str:
        return OrderRefund.objects.values_list("number", flat=True).get(pk=object_id)

    @admin.display(description="订单")
    def shown_order(self, refund: OrderRefund) -> Any:
        return link_to(refund.order)

    @admin.display(description="付款人")
    def shown_payer(self, refund: OrderRefund) -> Any:
        return link_to(refund.order.payer)

    @admin.display(description="发起人")
    def shown_maker(self, refund: OrderRefund) -> str:
        return _name(refund.maker_id)

    @admin.display(description="审核人")
    def shown_reviewer(self, refund: OrderRefund) -> str:
        return _name(refund.reviewer_id)

    @admin.display(description="退款凭证")
    def shown_journal(self, refund: OrderRefund) -> Any:
        return link_to(journal_named(refund.journal_id)) if refund.journal_id else "—"


def _name(staff_id: int | None) -> str:
    member = User.objects.filter(pk=staff_id).first() if staff_id else None
    return str(member) if member else "—"
