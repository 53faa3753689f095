"""Orders, payments, refunds: to look at, and to put right what was our fault."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from payments.admin.order_refunds import OrderRefundForm, RefundsOfOrder
from payments.models import Order, OrderLine, Payment, Refund
from payments.rules.order_refunds import RefundReason
from payments.services.order_refunds import refund_by_staff
from payments.services.top_up_refunds import propose_merchant_refund
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    ReasonForm,
    link_to,
    row_act,
    show_label,
    show_yuan,
    staff_id,
)
from wallet_project.kit.masking import mask_middle

ORDER_COLOURS = {"OPEN": "info", "PAYING": "warning", "PAID": "success", "CLOSED": "default"}
PAYMENT_COLOURS = {
    "REQUESTED": "warning",
    "WAITING": "info",
    "PAID": "success",
    "CLOSED": "default",
    "FAILED": "danger",
    "DISPUTED": "danger",
}
SETTLED_VIA = {
    "callback": "微信回调",
    "query": "主动查单",
    "bill": "对账补记",
    "balance": "余额",
    "discount": "优惠全额抵扣",
    "case": "异常款入账",
}
REFUND_COLOURS = {"SUCCESS": "success", "ABNORMAL": "danger", "CLOSED": "default"}


class OrderLines(ReadOnlyInline):
    model = OrderLine
    fields = ("name", "sku", "shown_price", "quantity")
    readonly_fields = fields

    @admin.display(description="单价（元）")
    def shown_price(self, line: OrderLine) -> Any:
        return show_yuan(line.unit_price)


class ShowsPayment:
    """What the list, the page and an order's inline say of a payment alike."""

    @admin.display(description="状态", ordering="state")
    def shown_state(self, payment: Payment) -> Any:
        return show_label(payment.get_state_display(), PAYMENT_COLOURS.get(payment.state))

    @admin.display(description="优惠券部分（元）")
    def shown_coupons(self, payment: Payment) -> Any:
        return show_yuan(payment.from_coupons)

    @admin.display(description="积分部分（元）")
    def shown_points(self, payment: Payment) -> Any:
        return show_yuan(payment.from_points)

    @admin.display(description="余额部分（元）")
    def shown_balance(self, payment: Payment) -> Any:
        return show_yuan(payment.from_balance)

    @admin.display(description="微信部分（元）")
    def shown_channel(self, payment: Payment) -> Any:
        return show_yuan(payment.from_channel)


class Payments(ShowsPayment, ReadOnlyInline):
    model = Payment
    fields = (
        "shown_number",
        "method",
        "shown_state",
        "shown_coupons",
        "shown_points",
        "shown_balance",
        "shown_channel",
        "transaction_id",
        "settled_at",
    )
    readonly_fields = fields

    @admin.display(description="支付单号")
    def shown_number(self, payment: Payment) -> Any:
        return link_to(payment)


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ("number", "title", "payer", "shown_amount", "shown_state", "placed_at", "paid_at")
    list_filter = ("state", "origin", "store", "placed_at", "paid_at")
    search_fields = ("=number", "=shop_order_no", "=payments__number", "=payments__transaction_id")
    search_help_text = "订单号、商城订单号、支付单号或微信支付单号"
    list_select_related = ("payer", "store")
    inlines = (OrderLines, Payments, RefundsOfOrder)
    actions_detail = ("refund_order",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "number",
                    "shown_state",
                    "title",
                    "remark",
                    "payer",
                    "origin",
                    "store",
                    "shop",
                    "shop_order_no",
                )
            },
        ),
        (
            "金额（元）",
            {
                "fields": (
                    "shown_amount",
                    "shown_coupons",
                    "shown_points",
                    "shown_balance",
                    "shown_channel",
                    "shown_refunding",
                    "shown_refunded",
                )
            },
        ),
        ("时间", {"fields": ("placed_at", "expires_at", "paid_at", "closed_at", "close_reason")}),
    )
    readonly_fields = (
        "shown_amount",
        "shown_coupons",
        "shown_points",
        "shown_balance",
        "shown_channel",
        "shown_refunding",
        "shown_refunded",
        "shown_state",
    )

    def has_refund_order_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        if not request.user.has_perm("payments.start_orderrefund"):
            return False
        return object_id is None or Order.objects.filter(pk=object_id, state=Order.State.PAID).exists()

    @row_act(
        "退款",
        permissions=["refund_order"],
        done="已提交退款，进展见订单退款",
        title="退还这笔订单的款项",
        explains="按付款来源的比例原路退回。同一订单累计超过单人额度时，须由另一位同事审批。",
        form=OrderRefundForm,
    )
    def refund_order(self, request: HttpRequest, form: OrderRefundForm, object_id: str) -> None:
        refund_by_staff(
            order_id=int(object_id),
            amount=form.cleaned_data["amount"],
            reason=RefundReason(form.cleaned_data["because"]),
            note=form.cleaned_data["note"],
            maker_id=staff_id(request),
        )

    @admin.display(description="退款中（元）")
    def shown_refunding(self, order: Order) -> Any:
        return show_yuan(order.refunding)

    @admin.display(description="已退款（元）")
    def shown_refunded(self, order: Order) -> Any:
        return show_yuan(order.refunded)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, order: Order) -> Any:
        return show_label(order.get_state_display(), ORDER_COLOURS.get(order.state))

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, order: Order) -> Any:
        return show_yuan(order.amount)

    @admin.display(description="优惠券抵扣（元）")
    def shown_coupons(self, order: Order) -> Any:
        return show_yuan(order.paid_from_coupons)

    @admin.display(description="积分抵扣（元）")
    def shown_points(self, order: Order) -> Any:
        return show_yuan(order.paid_from_points)

    @admin.display(description="余额支付（元）")
    def shown_balance(self, order: Order) -> Any:
        return show_yuan(order.paid_from_balance)

    @admin.display(description="微信支付（元）")
    def shown_channel(self, order: Order) -> Any:
        return show_yuan(order.paid_from_channel)


class PurposeFilter(admin.SimpleListFilter):
    title, parameter_name = "用途", "purpose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("order", "订单"), ("top_up", "充值")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        match self.value():
            case "order":
                return queryset.filter(order__isnull=False)
            case "top_up":
                return queryset.filter(top_up__isnull=False)
        return queryset


@admin.register(Payment)
class PaymentAdmin(ShowsPayment, ReadOnlyAdmin):
    list_display = (
        "number",
        "subject",
        "payer",
        "method",
        "shown_amount",
        "shown_state",
        "created_at",
    )
    list_filter = ("state", "method", PurposeFilter, "created_at")
    search_fields = ("=number", "=transaction_id", "=order__number", "=top_up__number")
    search_help_text = "支付单号、微信支付单号、订单号或充值单号"
    list_select_related = ("payer", "order", "top_up")
    fieldsets = (
        (None, {"fields": ("number", "shown_state", "subject", "payer", "method", "description")}),
        (
            "金额（元）",
            {
                "fields": (
                    "shown_amount",
                    "shown_coupons",
                    "shown_points",
                    "shown_balance",
                    "shown_channel",
                )
            },
        ),
        ("微信", {"fields": ("transaction_id", "prepay_id", "appid", "mchid", "shown_openid")}),
        (
            "进展",
            {
                "fields": (
                    "created_at",
                    "expires_at",
                    "settled_at",
                    "shown_via",
                    "queries",
                    "next_query_at",
                    "last_error",
                )
            },
        ),
    )
    readonly_fields = (
        "subject",
        "shown_amount",
        "shown_coupons",
        "shown_points",
        "shown_balance",
        "shown_channel",
        "shown_state",
        "shown_openid",
        "shown_via",
    )

    actions_detail = ("refund_top_up",)

    def has_refund_top_up_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        if not request.user.has_perm("payments.propose_top_up_refund"):
            return False
        topped_up = Payment.objects.filter(top_up__isnull=False, state=Payment.State.PAID)
        return object_id is None or topped_up.filter(pk=object_id).exists()

    @row_act(
        "充值退款（商家原因）",
        permissions=["refund_top_up"],
        done="已提交审批",
        title="因商家原因退还这笔充值",
        explains="已消费部分按折扣价计算，剩余本金原路退回微信，剩余赠金收回。须由另一位同事审批。",
        submit="提交审批",
    )
    def refund_top_up(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        number = Payment.objects.values_list("top_up__number", flat=True).get(pk=object_id)
        propose_merchant_refund(
            number=number or "", reason=form.cleaned_data["reason"], maker_id=staff_id(request)
        )

    @admin.display(description="订单 / 充值单")
    def subject(self, payment: Payment) -> Any:
        return link_to(payment.order or payment.top_up)

    @admin.display(description="金额（元）")
    def shown_amount(self, payment: Payment) -> Any:
        return show_yuan(payment.amount)

    @admin.display(description="得知途径")
    def shown_via(self, payment: Payment) -> str:
        return SETTLED_VIA.get(payment.settled_via, payment.settled_via or "—")

    @admin.display(description="OpenID")
    def shown_openid(self, payment: Payment) -> str:
        return mask_middle(payment.openid) if payment.openid else "—"


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "shown_source",
        "shown_amount",
        "shown_state",
        "refund_id",
        "created_at",
        "finished_at",
    )
    list_filter = ("state", "created_at")
    search_fields = ("=number", "=refund_id", "=transaction_id")
    search_help_text = "退款单号、微信退款单号或微信支付单号"
    list_select_related = ("case", "payment", "part__refund")
    exclude = ("amount", "total", "state", "case", "payment", "part")
    readonly_fields = ("shown_source", "shown_amount", "shown_state")

    @admin.display(description="支付异常 / 订单退款 / 退回的充值")
    def shown_source(self, refund: Refund) -> Any:
        return link_to(refund.case or (refund.part.refund if refund.part else refund.payment))

    @admin.display(description="状态", ordering="state")
    def shown_state(self, refund: Refund) -> Any:
        return show_label(refund.get_state_display(), REFUND_COLOURS.get(refund.state))

    @admin.display(description="退款金额（元）", ordering="amount")
    def shown_amount(self, refund: Refund) -> Any:
        return show_yuan(refund.amount)
