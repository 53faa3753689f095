"""Red packets with their shares: to look at. The link that opens one is shown to nobody here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.paginator import InfinitePaginator

from wallet.models import RedPacket, RedPacketShare
from wallet_project.kit.admin import ReadOnlyAdmin, ReadOnlyInline, link_to, show_label, show_yuan

STATE_COLOURS = {"OPEN": "info", "FINISHED": "success", "EXPIRED": "default"}


class Shares(ReadOnlyInline):
    model = RedPacketShare
    fields = ("position", "shown_amount", "shown_taker", "taken_at", "shown_journal")
    readonly_fields = fields
    ordering = ("position",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RedPacketShare]:
        return super().get_queryset(request).select_related("taken_by", "journal")

    @admin.display(description="金额（元）")
    def shown_amount(self, share: RedPacketShare) -> Any:
        return show_yuan(share.amount)

    @admin.display(description="领取的钱包")
    def shown_taker(self, share: RedPacketShare) -> Any:
        return link_to(share.taken_by)

    @admin.display(description="凭证")
    def shown_journal(self, share: RedPacketShare) -> Any:
        return link_to(share.journal)


@admin.register(RedPacket)
class RedPacketAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "shown_sender",
        "kind",
        "audience",
        "shown_amount",
        "shown_opened",
        "shown_state",
        "sent_at",
    )
    list_filter = ("state", "kind", "audience", "sent_at")
    search_fields = ("=number", "=sender__id", "=sender__user__uid")
    search_help_text = "红包单号，或发红包的钱包号、用户号"
    list_select_related = ("sender",)
    ordering = ("-id",)
    paginator = InfinitePaginator
    inlines = (Shares,)
    fields = (
        "number",
        "shown_sender",
        "shown_receiver",
        "kind",
        "audience",
        "greeting",
        "shown_state",
        "shown_amount",
        "shown_opened",
        "shown_rest",
        "sent_at",
        "expires_at",
        "ended_at",
        "shown_journal",
        "shown_return",
    )
    readonly_fields = (
        "shown_sender",
        "shown_receiver",
        "shown_state",
        "shown_amount",
        "shown_opened",
        "shown_rest",
        "shown_journal",
        "shown_return",
    )

    @admin.display(description="发红包的钱包")
    def shown_sender(self, packet: RedPacket) -> Any:
        return link_to(packet.sender)

    @admin.display(description="指定领取的钱包")
    def shown_receiver(self, packet: RedPacket) -> Any:
        return link_to(packet.receiver)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, packet: RedPacket) -> Any:
        return show_label(packet.get_state_display(), STATE_COLOURS.get(packet.state))

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, packet: RedPacket) -> Any:
        return show_yuan(packet.amount)

    @admin.display(description="已领")
    def shown_opened(self, packet: RedPacket) -> str:
        return f"{packet.opened_count} / {packet.count}"

    @admin.display(description="未领或退回（元）")
    def shown_rest(self, packet: RedPacket) -> Any:
        return show_yuan(packet.amount - packet.opened_amount)

    @admin.display(description="发出凭证")
    def shown_journal(self, packet: RedPacket) -> Any:
        return link_to(packet.journal)

    @admin.display(description="退回凭证")
    def shown_return(self, packet: RedPacket) -> Any:
        return link_to(packet.returned_by)
