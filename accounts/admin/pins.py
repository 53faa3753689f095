"""PINs without the PIN."""

from typing import Any

from django.contrib import admin

from accounts.models import PaymentPin, WrongPin
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, link_to, show_label, show_table

_TRIES_SHOWN = 20


@admin.register(PaymentPin)
class PaymentPinAdmin(ReadOnlyAdmin):
    """Whether there is one and how it fares; the hash is nobody's business."""

    list_display = ("shown_user", "shown_state", "set_at", "reset_at")
    list_select_related = ("user",)
    list_filter = ("set_at",)
    search_fields = ("user__nickname__startswith",)
    search_help_text = "昵称开头"
    fields = ("shown_user", "shown_state", "set_at", "reset_at", "blocked_at", "shown_tries")
    readonly_fields = fields
    ordering = ("-set_at",)

    @admin.display(description="用户", ordering="user")
    def shown_user(self, pin: PaymentPin) -> Any:
        return link_to(pin.user)

    @admin.display(description="状态")
    def shown_state(self, pin: PaymentPin) -> Any:
        return show_label("须重置", "danger") if pin.blocked_at else show_label("正常", "success")

    @admin.display(description="最近的错误")
    def shown_tries(self, pin: PaymentPin) -> Any:
        tries = WrongPin.objects.select_related("device").filter(user=pin.user).order_by("-tried_at")
        rows = [
            [
                clock.iso(wrong.tried_at),
                str(wrong.device),
                "是" if wrong.on_known_device else "否",
                clock.iso(wrong.locks_until) if wrong.locks_until else "—",
            ]
            for wrong in tries[:_TRIES_SHOWN]
        ]
        return show_table(["时间", "设备", "常用设备", "锁定至"], rows) if rows else "—"
