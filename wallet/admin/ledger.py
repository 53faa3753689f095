"""The ledger, to look at: accounts, journals with their legs, holds, the trial balance."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.paginator import InfinitePaginator

from wallet.admin.tables import show_entries, show_legs
from wallet.models import Hold, HoldEvent, Journal, LedgerAccount
from wallet.rules import chart
from wallet.rules.adjustments import AdjustmentCause
from wallet.selectors.journal import latest_entries_of, legs_of, trial_balance
from wallet_project.audit.words import fact_in_words
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    link_to,
    show_label,
    show_table,
    show_yuan,
)
from wallet_project.kit.money import yuan

_ENTRIES_SHOWN = 50
# What only journals say.
_FACTS = {
    "biller": "缴费机构",
    "cause": "调账原因",
    "checker": "审批人",
    "maker": "申请人",
    "order": "订单",
    "payment": "支付单",
    "refund_id": "微信退款单号",
    "ticket": "工单",
    "transaction_id": "微信支付单号",
}
_SIDES = {chart.Side.DEBIT: "借方", chart.Side.CREDIT: "贷方"}


class MomentForm(forms.Form):
    at = forms.DateTimeField(
        label="截至（上海时间）",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ReadOnlyAdmin):
    """Balances stand on their normal side: what WeChat owes us is a positive debit."""

    list_display = (
        "id",
        "code",
        "shown_owner",
        "shown_balance",
        "shown_held",
        "version",
        "last_at",
        "shown_frozen",
    )
    list_filter = ("code", "frozen")
    search_fields = ("=wallet__id", "=wallet__user__uid")
    search_help_text = "钱包号或用户号"
    list_select_related = ("wallet",)
    ordering = ("id",)
    paginator = InfinitePaginator
    fields = (
        "id",
        "code",
        "shown_side",
        "slot",
        "shown_owner",
        "shown_balance",
        "shown_held",
        "version",
        "last_at",
        "shown_frozen",
        "shown_entries",
    )
    readonly_fields = (
        "shown_side",
        "shown_owner",
        "shown_balance",
        "shown_held",
        "shown_frozen",
        "shown_entries",
    )
    actions_list = ("show_trial_balance", "show_chart")

    @admin.display(description="正常方向")
    def shown_side(self, account: LedgerAccount) -> str:
        return _SIDES[chart.BY_CODE[account.code].side]

    @admin.display(description="钱包")
    def shown_owner(self, account: LedgerAccount) -> Any:
        return link_to(account.wallet)

    @admin.display(description="余额（元）", ordering="balance")
    def shown_balance(self, account: LedgerAccount) -> Any:
        return show_yuan(chart.on_normal_side(account.code, account.balance))

    @admin.display(description="冻结（元）", ordering="held")
    def shown_held(self, account: LedgerAccount) -> Any:
        return show_yuan(account.held)

    @admin.display(description="停止支出", ordering="frozen")
    def shown_frozen(self, account: LedgerAccount) -> Any:
        return show_label("已停止", "danger") if account.frozen else "—"

    @admin.display(description="最近分录")
    def shown_entries(self, account: LedgerAccount) -> str:
        return show_entries(latest_entries_of(account.pk, limit=_ENTRIES_SHOWN))

    @action(description="试算平衡", url_path="trial-balance", icon="balance", permissions=["view"])
    def show_trial_balance(self, request: HttpRequest) -> HttpResponse:
        """Every code of the chart with its slots, or all its customers, read as one; now, or at a moment."""
        form = MomentForm(request.GET)
        moment = form.cleaned_data["at"] if form.is_valid() else None
        rows = trial_balance(moment)
        debit = sum(row.balance for row in rows if row.side is chart.Side.DEBIT)
        credit = sum(row.balance for row in rows if row.side is chart.Side.CREDIT)
        table = {
            "headers": ["科目", "借方（元）", "贷方（元）", "其中冻结（元）", "账户数"],
            "rows": [
                [
                    row.name,
                    show_yuan(row.balance) if row.side is chart.Side.DEBIT else "",
                    show_yuan(row.balance) if row.side is chart.Side.CREDIT else "",
                    show_yuan(row.held),
                    row.accounts,
                ]
                for row in rows
            ]
            + [["合计", show_yuan(debit), show_yuan(credit), "", ""]],
        }
        return TemplateResponse(
            request,
            "admin/wallet/trial_balance.html",
            {
                **self.admin_site.each_context(request),
                "title": "试算平衡",
                "form": form,
                "moment": moment,
                "table": table,
                "difference": yuan(credit - debit) if credit != debit else "",
            },
        )

    @action(description="科目表", url_path="chart", icon="account_tree", permissions=["view"])
    def show_chart(self, request: HttpRequest) -> HttpResponse:
        """What each account is for, and what it may do."""
        rows = [
            [
                f"{row.number}{'（顾客）' if row in chart.CUSTOMER else ''}",
                row.name,
                row.means,
                _SIDES[row.side],
                row.slots,
                "可以" if row.allow_negative else "—",
            ]
            for row in chart.BY_CODE.values()
        ]
        table = {"headers": ["编号", "科目", "含义", "正常方向", "分槽", "可为负"], "rows": rows}
        return TemplateResponse(
            request,
            "admin/wallet/chart.html",
            {**self.admin_site.each_context(request), "title": "科目表", "table": table},
        )


@admin.register(Journal)
class JournalAdmin(ReadOnlyAdmin):
    list_display = ("id", "shown_kind", "reference", "key", "at", "business_date")
    list_filter = ("kind", "business_date")
    search_fields = ("=key", "=reference")
    search_help_text = "完整的唯一键或业务单号"
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "id",
        "shown_kind",
        "reference",
        "key",
        "at",
        "business_date",
        "shown_facts",
        "shown_reversal",
        "shown_legs",
    )
    readonly_fields = ("shown_kind", "shown_facts", "shown_reversal", "shown_legs")

    @admin.display(description="类型", ordering="kind")
    def shown_kind(self, journal: Journal) -> str:
        return journal.get_kind_display()

    @admin.display(description="事实")
    def shown_facts(self, journal: Journal) -> str:
        said = {**journal.facts}
        if cause := said.get("cause"):
            said["cause"] = AdjustmentCause(cause).label
        rows = [[_FACTS.get(name) or fact_in_words(name), fact] for name, fact in said.items() if fact]
        return show_table(["项目", "内容"], rows) if rows else "—"

    @admin.display(description="冲正")
    def shown_reversal(self, journal: Journal) -> Any:
        return link_to(journal.reverses or Journal.objects.filter(reverses=journal).first())

    @admin.display(description="分录")
    def shown_legs(self, journal: Journal) -> str:
        return show_legs(legs_of(journal.pk))


class HoldEvents(ReadOnlyInline):
    model = HoldEvent
    fields = ("at", "kind", "account", "shown_amount", "shown_journal")
    readonly_fields = fields
    ordering = ("id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[HoldEvent]:
        return super().get_queryset(request).select_related("account", "journal")

    @admin.display(description="变动（元）")
    def shown_amount(self, event: HoldEvent) -> Any:
        return show_yuan(event.amount)

    @admin.display(description="凭证")
    def shown_journal(self, event: HoldEvent) -> Any:
        return link_to(event.journal)


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ("reference", "shown_wallet", "shown_amount", "shown_open", "shown_state", "placed_at")
    search_fields = ("=reference", "=key", "=wallet__id")
    search_help_text = "业务单号或钱包号"
    list_select_related = ("wallet",)
    ordering = ("-id",)
    paginator = InfinitePaginator
    inlines = (HoldEvents,)
    fields = (
        "reference",
        "key",
        "shown_wallet",
        "shown_state",
        "shown_amount",
        "shown_captured",
        "shown_released",
        "shown_open",
        "placed_at",
        "expires_at",
    )
    readonly_fields = (
        "shown_wallet",
        "shown_state",
        "shown_amount",
        "shown_captured",
        "shown_released",
        "shown_open",
    )

    @admin.display(description="钱包")
    def shown_wallet(self, hold: Hold) -> Any:
        return link_to(hold.wallet)

    @admin.display(description="状态")
    def shown_state(self, hold: Hold) -> Any:
        return show_label("冻结中", "warning") if hold.open else show_label("已结束")

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, hold: Hold) -> Any:
        return show_yuan(hold.amount)

    @admin.display(description="已扣款（元）")
    def shown_captured(self, hold: Hold) -> Any:
        return show_yuan(hold.captured)

    @admin.display(description="已释放（元）")
    def shown_released(self, hold: Hold) -> Any:
        return show_yuan(hold.released)

    @admin.display(description="仍冻结（元）")
    def shown_open(self, hold: Hold) -> Any:
        return show_yuan(hold.open)
