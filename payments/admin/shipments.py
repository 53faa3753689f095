"""What was shipped, whether WeChat knows, and when it pays."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from payments.models import Shipment
from payments.rules.shipping import ShipmentState
from payments.services.shipping import upload_again
from wallet_project.kit.admin import ReadOnlyAdmin, ReasonForm, link_to, row_act, show_label

COLOURS = {"WAITING": "warning", "UPLOADED": "success", "REFUSED": "danger"}


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    list_display = ("order", "way", "shown_state", "shipped_at", "uploaded_at", "received_at", "settled_at")
    list_filter = ("state", "way", "shipped_at")
    search_fields = ("=order__number", "=order__shop_order_no", "=payment__transaction_id", "=tracking_no")
    search_help_text = "订单号、商城订单号、微信支付单号或快递单号"
    list_select_related = ("order",)
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "shown_order",
                    "shown_payment",
                    "way",
                    "company",
                    "tracking_no",
                    "receiver_contact",
                    "items",
                    "shipped_at",
                )
            },
        ),
        ("上传微信", {"fields": ("shown_state", "tries_used", "next_try_at", "uploaded_at", "last_error")}),
        ("微信告知", {"fields": ("received_at", "settles_at", "settled_at")}),
    )
    readonly_fields = ("shown_order", "shown_payment", "shown_state")
    actions_detail = ("upload_again",)

    def has_upload_again_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        if not request.user.has_perm("payments.upload_shipment"):
            return False
        refused = Shipment.objects.filter(state=ShipmentState.REFUSED)
        return object_id is None or refused.filter(pk=object_id).exists()

    @row_act(
        "重新上传微信",
        permissions=["upload_again"],
        done="已重新上传，结果稍后更新",
        title="把这条发货信息再上传一次",
        explains="请先在微信后台或与商家核对微信拒绝的原因。",
        submit="重新上传",
    )
    def upload_again(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        upload_again(shipment_id=int(object_id), reason=form.cleaned_data["reason"])

    @admin.display(description="订单")
    def shown_order(self, shipment: Shipment) -> Any:
        return link_to(shipment.order)

    @admin.display(description="支付单")
    def shown_payment(self, shipment: Shipment) -> Any:
        return link_to(shipment.payment)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, shipment: Shipment) -> Any:
        return show_label(shipment.get_state_display(), COLOURS.get(shipment.state))
