"""What customers were told, how it went out, and what is done where it did not."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.selectors.users import customers_called
from wallet_project.kit.admin import (
    DayRangeFilter,
    ReadOnlyAdmin,
    ReadOnlyInline,
    link_to,
    row_act,
    show_label,
)
from wallet_project.kit.errors import DomainError
from wallet_project.kit.serials import is_serial
from wallet_project.notifications.models import Delivery, Message
from wallet_project.notifications.rules.deliveries import REPEATABLE, DeliveryState, SkipReason
from wallet_project.notifications.services.deliveries import discard, repeat

_COLOURS = {
    DeliveryState.WAITING: "warning",
    DeliveryState.SENDING: "info",
    DeliveryState.SENT: "success",
    DeliveryState.DELIVERED: "success",
    DeliveryState.UNSURE: "warning",
    DeliveryState.FAILED: "danger",
    DeliveryState.DEAD: "danger",
}
_LANGUAGES = dict(settings.LANGUAGES)
_REASONS = dict(SkipReason.choices)


class ShowsDeliveries:
    """Columns of a delivery, in words."""

    @admin.display(description="状态", ordering="state")
    def shown_state(self, delivery: Delivery) -> Any:
        return show_label(delivery.get_state_display(), _COLOURS.get(DeliveryState(delivery.state)))

    @admin.display(description="原因", ordering="why")
    def shown_why(self, delivery: Delivery) -> str:
        if delivery.why and delivery.state != DeliveryState.SKIPPED:
            return f"渠道返回 {delivery.why}"
        return _REASONS.get(delivery.why, delivery.why) or "—"


class Deliveries(ShowsDeliveries, ReadOnlyInline):
    model = Delivery
    fields = ("channel", "shown_state", "shown_why", "attempts", "sent_at", "due_at")
    readonly_fields = fields


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("title", "shown_user", "category", "told_at", "shown_read")
    list_filter = ("category", ("told_at", DayRangeFilter), "notice")
    list_filter_submit = True
    list_select_related = ("user",)
    search_fields = ("number",)
    search_help_text = "消息编号、顾客的手机号或用户号（须完整），或昵称的开头"
    ordering = ("-id",)
    inlines = (Deliveries,)
    fields = (
        "number",
        "shown_user",
        "shown_notice",
        "category",
        "title",
        "body",
        "link",
        "about",
        "shown_language",
        "in_inbox",
        "told_at",
        "read_at",
        "opened_at",
    )
    readonly_fields = ("shown_user", "shown_notice", "shown_language")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        """One question or the other: both at once would read the whole table."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if is_serial(term, "X"):
            return queryset.filter(number=term), False
        return queryset.filter(user__in=customers_called(term)), False

    @admin.display(description="顾客")
    def shown_user(self, message: Message) -> Any:
        return link_to(message.user)

    @admin.display(description="通知")
    def shown_notice(self, message: Message) -> Any:
        return link_to(message.notice)

    @admin.display(description="语言")
    def shown_language(self, message: Message) -> str:
        return _LANGUAGES[message.language]

    @admin.display(description="阅读")
    def shown_read(self, message: Message) -> Any:
        if message.opened_at:
            return show_label("已打开", "success")
        return show_label("已读", "info") if message.read_at else show_label("未读")


def _to_each(description: str, act: Callable[..., None]) -> Any:
    """What is done to several; what cannot be done to one is told, and the others go on."""

    @admin.action(description=description, permissions=["repeat"])
    def carry_out(page: Any, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        done = refused = 0
        for pk in chosen.order_by("pk").values_list("pk", flat=True):
            try:
                act(delivery_id=pk)
            except DomainError:
                refused += 1
            else:
                done += 1
        if done:
            messages.success(request, f"{description}：{done} 条")
        if refused:
            messages.warning(request, f"{refused} 条还在发送、已送达或本就不需要发送，没有改动")

    carry_out.__name__ = f"{act.__name__}_each"
    return carry_out


@admin.register(Delivery)
class DeliveryAdmin(ShowsDeliveries, ReadOnlyAdmin):
    list_display = (
        "shown_message",
        "shown_user",
        "channel",
        "shown_state",
        "shown_why",
        "attempts",
        "made_at",
    )
    list_filter = (
        "state",
        "channel",
        "why",
        "message__category",
        ("made_at", DayRangeFilter),
        "message__notice",
    )
    list_filter_submit = True
    list_select_related = ("message__user",)
    search_fields = ("=message__number", "=provider_id")
    search_help_text = "消息编号或渠道编号，须完整"
    ordering = ("-id",)
    fields = (
        "shown_message",
        "shown_user",
        "channel",
        "shown_state",
        "shown_why",
        "attempts",
        "made_at",
        "sent_at",
        "due_at",
        "provider_id",
    )
    readonly_fields = ("shown_message", "shown_user", "shown_state", "shown_why")
    actions = (_to_each("重新发送", repeat), _to_each("放弃发送", discard))
    actions_detail = ("send_again", "put_aside")

    def has_repeat_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        if not request.user.has_perm("notifications.repeat_delivery"):
            return False
        return object_id is None or Delivery.objects.filter(pk=object_id, state__in=REPEATABLE).exists()

    @row_act(
        "重新发送",
        permissions=["view", "repeat"],
        done="已重新发送",
        explains="从第一次开始尝试；不确定是否送达的，顾客可能收到两次。",
        form=None,
    )
    def send_again(self, request: HttpRequest, object_id: str) -> None:
        repeat(delivery_id=int(object_id))

    @row_act("放弃发送", permissions=["view", "repeat"], done="已放弃", explains="不再发送。", form=None)
    def put_aside(self, request: HttpRequest, object_id: str) -> None:
        discard(delivery_id=int(object_id))

    @admin.display(description="消息")
    def shown_message(self, delivery: Delivery) -> Any:
        return link_to(delivery.message)

    @admin.display(description="顾客")
    def shown_user(self, delivery: Delivery) -> Any:
        return link_to(delivery.message.user)
