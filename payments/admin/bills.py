"""Bills: to look at, and why one is unsure."""

from typing import Any

from django.contrib import admin

from payments.models import BillPayment
from wallet.selectors.journal import journal_named
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, link_to, show_label, show_yuan

BILL_COLOURS = {
    "CREATED": "info",
    "UNSURE": "warning",
    "SENT": "info",
    "SUCCEEDED": "success",
    "FAILED": "danger",
    "REVERSED": "warning",
}
# What stands behind a state, for whoever is asked about it; the customer reads less.
EXPLAINED = {
    "CREATED": "款项已冻结，尚未向缴费平台发出请求",
    "UNSURE": "已向缴费平台发出请求，没有得到可信的答复：款项保持冻结，按同一单号继续查询",
    "SENT": "缴费平台已受理，等待收费单位的结果",
    "SUCCEEDED": "已入账；之后一个月内仍会查询是否被退回",
    "FAILED": "缴费平台确认未发生，款项、免费额度和限额都已退还",
    "REVERSED": "成功后被收费单位退回，本金和手续费已退还顾客",
}
LEARNED_VIA = {"callback": "平台回调", "query": "主动查询", "answer": "请求应答"}


@admin.register(BillPayment)
class BillPaymentAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "user",
        "payee",
        "shown_amount",
        "shown_fee",
        "shown_state",
        "shown_doubt",
        "confirmed_at",
        "finished_at",
    )
    list_filter = ("state", "payee__biller", "confirmed_at")
    search_fields = ("number", "payment_id", "user__nickname")
    search_help_text = "缴费单号、平台单号或昵称"
    list_select_related = ("user", "payee__biller")
    fieldsets = (
        (None, {"fields": ("number", "shown_state", "explained", "user", "shown_payee")}),
        ("金额（元）", {"fields": ("shown_amount", "shown_fee", "shown_total")}),
        ("结果", {"fields": ("payment_id", "shown_via", "shown_failure", "reason")}),
        ("凭证", {"fields": ("hold", "shown_journal", "shown_return_journal")}),
        ("进展", {"fields": ("confirmed_at", "finished_at", "returned_at")}),
        ("查询", {"fields": ("queries", "next_query_at", "last_error")}),
    )
    readonly_fields = (
        "shown_state",
        "explained",
        "shown_payee",
        "shown_amount",
        "shown_fee",
        "shown_total",
        "shown_via",
        "shown_failure",
        "shown_journal",
        "shown_return_journal",
    )

    @admin.display(description="状态", ordering="state")
    def shown_state(self, payment: BillPayment) -> Any:
        return show_label(payment.get_state_display(), BILL_COLOURS.get(payment.state))

    @admin.display(description="说明")
    def explained(self, payment: BillPayment) -> str:
        return EXPLAINED[payment.state]

    @admin.display(description="未决原因")
    def shown_doubt(self, payment: BillPayment) -> str:
        """Only of those that are not over: what was said last, how often it was asked, when it is next."""
        if not payment.is_undecided:
            return "—"
        turn = payment.next_query_at and f"{payment.next_query_at.astimezone(clock.SHANGHAI):%m-%d %H:%M:%S}"
        return f"{payment.last_error or '等待结果'}；已查询 {payment.queries} 次，下次 {turn}"

    @admin.display(description="缴费账户")
    def shown_payee(self, payment: BillPayment) -> Any:
        return link_to(payment.payee)

    @admin.display(description="缴费金额（元）", ordering="amount")
    def shown_amount(self, payment: BillPayment) -> Any:
        return show_yuan(payment.amount)

    @admin.display(description="手续费（元）")
    def shown_fee(self, payment: BillPayment) -> Any:
        return show_yuan(payment.fee)

    @admin.display(description="扣款合计（元）")
    def shown_total(self, payment: BillPayment) -> Any:
        return show_yuan(payment.total)

    @admin.display(description="得知途径")
    def shown_via(self, payment: BillPayment) -> str:
        return LEARNED_VIA.get(payment.learned_via, "—")

    @admin.display(description="告知顾客的原因")
    def shown_failure(self, payment: BillPayment) -> str:
        return payment.failure or "—"

    @admin.display(description="缴费凭证")
    def shown_journal(self, payment: BillPayment) -> Any:
        return link_to(journal_named(payment.journal_id)) if payment.journal_id else "—"

    @admin.display(description="退回凭证")
    def shown_return_journal(self, payment: BillPayment) -> Any:
        return link_to(journal_named(payment.return_journal_id)) if payment.return_journal_id else "—"
