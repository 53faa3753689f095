"""What shop systems were told, try by try; sent again by hand."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from payments.models import ShopNotification, ShopNotificationTry
from payments.rules.shop_notifications import Outcome
from payments.services.shop_notifications import resend
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    ReasonForm,
    link_to,
    row_act,
    show_label,
)

COLOURS = {"WAITING": "warning", "DELIVERED": "success", "DEAD": "danger"}


class Tries(ReadOnlyInline):
    model = ShopNotificationTry
    fields = ("at", "shown_outcome", "status", "ms", "answer")
    readonly_fields = fields

    @admin.display(description="结果")
    def shown_outcome(self, attempt: ShopNotificationTry) -> Any:
        colour = "success" if attempt.outcome == Outcome.ACCEPTED else "danger"
        return show_label(attempt.get_outcome_display(), colour)


@admin.register(ShopNotification)
class ShopNotificationAdmin(ReadOnlyAdmin):
    list_display = (
        "order",
        "event",
        "shop",
        "shown_state",
        "tries_used",
        "created_at",
        "next_try_at",
        "delivered_at",
    )
    list_filter = ("state", "event", "shop", "created_at")
    search_fields = ("=order__number", "=order__shop_order_no")
    search_help_text = "订单号或商城订单号"
    list_select_related = ("order", "shop")
    ordering = ("-id",)
    inlines = (Tries,)
    fields = (
        "public_id",
        "shown_order",
        "shop",
        "event",
        "shown_state",
        "tries_used",
        "created_at",
        "next_try_at",
        "delivered_at",
        "body",
    )
    readonly_fields = ("shown_order", "shown_state")
    actions_detail = ("send_again",)

    def has_send_again_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        if not request.user.has_perm("payments.resend_shopnotification"):
            return False
        ended = ShopNotification.objects.exclude(state=ShopNotification.State.WAITING)
        return object_id is None or ended.filter(pk=object_id).exists()

    @row_act(
        "重新发送",
        permissions=["send_again"],
        done="已重新发送，结果见下方尝试记录",
        title="把这条通知再发给商城",
        explains="内容和通知编号不变，重新从第一次开始尝试。",
    )
    def send_again(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        resend(notification_id=int(object_id), reason=form.cleaned_data["reason"])

    @admin.display(description="订单")
    def shown_order(self, notification: ShopNotification) -> Any:
        return link_to(notification.order)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, notification: ShopNotification) -> Any:
        return show_label(notification.get_state_display(), COLOURS.get(notification.state))
