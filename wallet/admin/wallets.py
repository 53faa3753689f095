"""Wallets, their records and top-ups; the door to freeze one."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action
from unfold.paginator import InfinitePaginator

from wallet.models import LedgerAccount, Record, TopUp, Wallet
from wallet.services.wallets import freeze_wallet, propose_unfreeze
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    ReasonForm,
    link_to,
    show_label,
    show_yuan,
    staff_id,
    told,
)

WALLET_COLOURS = {"OPEN": "success", "FROZEN": "danger", "CLOSED": "default"}
TOPUP_COLOURS = {"OPEN": "info", "CREDITED": "success", "CLOSED": "default"}


class Accounts(ReadOnlyInline):
    model = LedgerAccount
    fields = ("shown_code", "shown_balance", "shown_held", "version", "last_at", "shown_frozen")
    readonly_fields = fields
    ordering = ("id",)

    @admin.display(description="科目")
    def shown_code(self, account: LedgerAccount) -> Any:
        return link_to(account, account.get_code_display())

    @admin.display(description="余额（元）")
    def shown_balance(self, account: LedgerAccount) -> Any:
        return show_yuan(account.balance)

    @admin.display(description="冻结（元）")
    def shown_held(self, account: LedgerAccount) -> Any:
        return show_yuan(account.held)

    @admin.display(description="停止支出")
    def shown_frozen(self, account: LedgerAccount) -> Any:
        return show_label("已停止", "danger") if account.frozen else "—"


@admin.register(Wallet)
class WalletAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "shown_status", "status_reason", "opened_at")
    list_filter = ("status",)
    search_fields = ("=id", "=user__uid")
    search_help_text = "钱包号或用户号"
    list_select_related = ("user",)
    ordering = ("-id",)
    fields = ("id", "user", "shown_status", "status_reason", "opened_at")
    readonly_fields = ("shown_status",)
    inlines = (Accounts,)
    actions_detail = ("freeze", "unfreeze")

    def has_freeze_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("wallet.change_wallet")

    @action(
        description="冻结",
        permissions=["freeze"],
        dialog={
            "title": "冻结这个钱包",
            "description": "冻结后只进不出；冻结前已承诺的付款仍会完成。原因会记入审计日志。",
            "form_class": ReasonForm,
            "form_submit_text": "冻结",
        },
    )
    def freeze(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        with told(request, "钱包已冻结"):
            freeze_wallet(wallet_id=int(object_id), reason=form.cleaned_data["reason"])
        return self.back_to(object_id)

    @action(
        description="申请解冻",
        permissions=["freeze"],
        dialog={
            "title": "解冻这个钱包",
            "description": "须由另一位同事审批；批准后恢复支出。原因会记入审计日志。",
            "form_class": ReasonForm,
            "form_submit_text": "提交审批",
        },
    )
    def unfreeze(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        with told(request, "已提交审批"):
            propose_unfreeze(
                wallet_id=int(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request)
            )
        return self.back_to(object_id)

    @admin.display(description="状态", ordering="status")
    def shown_status(self, wallet: Wallet) -> Any:
        return show_label(wallet.get_status_display(), WALLET_COLOURS.get(wallet.status))


@admin.register(TopUp)
class TopUpAdmin(ReadOnlyAdmin):
    list_display = ("number", "shown_wallet", "shown_amount", "shown_state", "created_at", "credited_at")
    list_filter = ("state", "created_at")
    search_fields = ("=number", "=wallet__id")
    search_help_text = "充值单号或钱包号"
    list_select_related = ("wallet",)
    ordering = ("-id",)
    fields = (
        "number",
        "shown_wallet",
        "shown_amount",
        "shown_state",
        "shown_journal",
        "created_at",
        "credited_at",
        "closed_reason",
    )
    readonly_fields = ("shown_wallet", "shown_amount", "shown_state", "shown_journal")

    @admin.display(description="钱包")
    def shown_wallet(self, top_up: TopUp) -> Any:
        return link_to(top_up.wallet)

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, top_up: TopUp) -> Any:
        return show_yuan(top_up.amount)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, top_up: TopUp) -> Any:
        return show_label(top_up.get_state_display(), TOPUP_COLOURS.get(top_up.state))

    @admin.display(description="凭证")
    def shown_journal(self, top_up: TopUp) -> Any:
        return link_to(top_up.journal)


@admin.register(Record)
class RecordAdmin(ReadOnlyAdmin):
    list_display = (
        "occurred_at",
        "shown_wallet",
        "title",
        "direction",
        "shown_amount",
        "shown_balance_after",
        "shown_journal",
    )
    list_filter = ("kind", "month")
    search_fields = ("=reference", "=wallet__id")
    search_help_text = "业务单号或钱包号"
    list_select_related = ("wallet", "journal")
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "shown_wallet",
        "kind",
        "direction",
        "title",
        "reference",
        "shown_amount",
        "shown_balance_amount",
        "shown_channel_amount",
        "shown_balance_after",
        "shown_journal",
        "occurred_at",
        "month",
    )
    readonly_fields = (
        "shown_wallet",
        "shown_amount",
        "shown_balance_amount",
        "shown_channel_amount",
        "shown_balance_after",
        "shown_journal",
    )

    @admin.display(description="钱包")
    def shown_wallet(self, record: Record) -> Any:
        return link_to(record.wallet)

    @admin.display(description="凭证")
    def shown_journal(self, record: Record) -> Any:
        return link_to(record.journal)

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, record: Record) -> Any:
        return show_yuan(record.amount)

    @admin.display(description="余额部分（元）")
    def shown_balance_amount(self, record: Record) -> Any:
        return show_yuan(record.balance_amount)

    @admin.display(description="微信部分（元）")
    def shown_channel_amount(self, record: Record) -> Any:
        return show_yuan(record.channel_amount)

    @admin.display(description="之后余额（元）")
    def shown_balance_after(self, record: Record) -> Any:
        return show_yuan(record.balance_after)
