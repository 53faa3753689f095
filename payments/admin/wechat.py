"""What WeChat and the biller platform sent, and what did not fit."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action

from payments.models import CallbackReceipt, RejectedCallback
from payments.services.receipts import read_in_clear
from wallet_project.kit.admin import ReadOnlyAdmin, ReasonForm, show_label, show_once
from wallet_project.kit.errors import DomainError

# What it is about; anything else is shown as it was sent.
EVENTS = {
    "TRANSACTION.SUCCESS": "支付成功",
    "REFUND.SUCCESS": "退款成功",
    "REFUND.ABNORMAL": "退款异常",
    "REFUND.CLOSED": "退款关闭",
    "MCHTRANSFER.BILL.FINISHED": "商家转账结束",
    "SECURITY_ECHO.SUCCESS": "加解密自检",
    "payment.succeeded": "缴费成功",
    "payment.failed": "缴费失败",
    "payment.reversed": "缴费退回",
    "trade_manage_order_settlement": "确认收货或结算",
    "trade_manage_remind_shipping": "提醒发货",
    "trade_manage_remind_access_api": "提醒接入发货管理",
    "wxa_trade_controlled": "小程序支付受限",
}
RECEIPT_COLOURS = {"RECEIVED": "warning", "DONE": "success", "CASE": "danger", "UNOPENED": "danger"}


class EventFilter(admin.SimpleListFilter):
    title, parameter_name = "类型", "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(EVENTS.items())

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[CallbackReceipt]
    ) -> QuerySet[CallbackReceipt]:
        return queryset.filter(event_type=self.value()) if self.value() else queryset


@admin.register(CallbackReceipt)
class CallbackReceiptAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "source", "shown_event", "subject", "shown_state", "repeats")
    list_filter = ("source", "state", EventFilter, "created_at")
    search_fields = ("=notice_id", "=subject")
    search_help_text = "通知 ID、支付单号、退款单号或缴费单号"
    exclude = ("state", "event_type")
    readonly_fields = ("shown_event", "shown_state")
    actions_detail = ("open_sealed",)

    def has_open_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        sealed = CallbackReceipt.objects.filter(source=CallbackReceipt.Source.WECHAT)
        allowed = request.user.has_perm("payments.open_callbackreceipt")
        return allowed and (object_id is None or sealed.filter(pk=object_id).exists())

    @action(
        description="查看解密内容",
        permissions=["view", "open"],
        dialog={
            "title": "查看微信通知的解密内容",
            "description": "其中有付款人的 OpenID。只显示一次，您的姓名、时间和原因会记入审计日志。",
            "form_class": ReasonForm,
            "form_submit_text": "查看",
        },
    )
    def open_sealed(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        try:
            said = read_in_clear(receipt_id=int(object_id), reason=form.cleaned_data["reason"])
        except DomainError as error:
            messages.error(request, str(error.message))
            return self.back_to(object_id)
        return show_once(request, said)

    @admin.display(description="类型", ordering="event_type")
    def shown_event(self, receipt: CallbackReceipt) -> str:
        return EVENTS.get(receipt.event_type, receipt.event_type) or "—"

    @admin.display(description="状态", ordering="state")
    def shown_state(self, receipt: CallbackReceipt) -> Any:
        return show_label(receipt.get_state_display(), RECEIPT_COLOURS.get(receipt.state))


@admin.register(RejectedCallback)
class RejectedCallbackAdmin(ReadOnlyAdmin):
    list_display = ("day", "reason", "count", "last_at")
    list_filter = ("day",)
