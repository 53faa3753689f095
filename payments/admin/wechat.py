"""What WeChat and the biller platform sent, and what did not fit."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from payments.errors import CaseHoldsMoney, RefundNeedsApproval
from payments.models import CallbackReceipt, ExceptionCase, Refund, RejectedCallback
from payments.services.cases import propose_refund, refund_case, resolve_by_hand
from wallet.selectors.journal import journal_named
from wallet_project.kit.admin import ReadOnlyAdmin, ReadOnlyInline, link_to, show_label, show_yuan, staff_id
from wallet_project.kit.errors import DomainError

RECEIPT_COLOURS = {"RECEIVED": "warning", "DONE": "success", "CASE": "danger", "UNOPENED": "danger"}
CASE_COLOURS = {"OPEN": "danger", "REFUNDING": "warning", "RESOLVED": "success"}


@admin.register(CallbackReceipt)
class CallbackReceiptAdmin(ReadOnlyAdmin):
    list_display = (
        "notice_id",
        "source",
        "event_type",
        "subject",
        "shown_state",
        "repeats",
        "created_at",
        "handled_at",
    )
    list_filter = ("source", "state", "event_type", "created_at")
    search_fields = ("notice_id", "subject")
    search_help_text = "通知 ID、支付单号、退款单号或缴费单号"
    exclude = ("state",)
    readonly_fields = ("shown_state",)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, receipt: CallbackReceipt) -> Any:
        return show_label(receipt.get_state_display(), RECEIPT_COLOURS.get(receipt.state))


@admin.register(RejectedCallback)
class RejectedCallbackAdmin(ReadOnlyAdmin):
    list_display = ("day", "reason", "count", "last_at")
    list_filter = ("day",)


class CaseRefunds(ReadOnlyInline):
    model = Refund
    fields = ("shown_number", "state", "shown_amount", "refund_id", "finished_at", "last_error")
    readonly_fields = fields

    @admin.display(description="退款单号")
    def shown_number(self, refund: Refund) -> Any:
        return link_to(refund)

    @admin.display(description="退款金额（元）")
    def shown_amount(self, refund: Refund) -> Any:
        return show_yuan(refund.amount)


@admin.register(ExceptionCase)
class ExceptionCaseAdmin(ReadOnlyAdmin):
    list_display = ("shown_kind", "number", "shown_amount", "shown_state", "created_at", "resolution")
    list_filter = ("state", "kind", "created_at")
    search_fields = ("number", "transaction_id")
    search_help_text = "支付单号、缴费单号，微信或平台单号"
    fields = (
        "shown_kind",
        "shown_state",
        "shown_amount",
        "number",
        "transaction_id",
        "shown_payment",
        "shown_receipt",
        "evidence",
        "shown_journal",
        "resolution",
        "created_at",
        "resolved_at",
    )
    readonly_fields = (
        "shown_kind",
        "shown_state",
        "shown_amount",
        "shown_payment",
        "shown_receipt",
        "shown_journal",
    )
    inlines = (CaseRefunds,)
    actions = ("refund", "resolve")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.change_exceptioncase")

    @admin.action(description="原路退款给付款人", permissions=["decide"])
    def refund(self, request: HttpRequest, cases: QuerySet[ExceptionCase]) -> None:
        for case in cases:
            try:
                messages.success(request, f"{case}：{self._refund(case, staff_id(request))}")
            except DomainError as error:
                messages.error(request, f"{case}：{error.message}")

    def _refund(self, case: ExceptionCase, staff_id: int) -> str:
        reason = f"{case.get_kind_display()}，原路退回"
        try:
            return f"已提交退款 {refund_case(case_id=case.pk, reason=reason).number}"
        except RefundNeedsApproval as error:
            propose_refund(case_id=case.pk, reason=reason, maker_id=staff_id)
            return f"{error.message}，已提交审批"

    @admin.action(description="标记为已处理（没有款项）", permissions=["decide"])
    def resolve(self, request: HttpRequest, cases: QuerySet[ExceptionCase]) -> None:
        for case in cases:
            try:
                resolve_by_hand(case_id=case.pk, resolution="人工核实，没有款项")
            except CaseHoldsMoney as error:
                messages.error(request, f"{case}：{error.message}")
            else:
                messages.success(request, f"{case}：已处理")

    @admin.display(description="类型", ordering="kind")
    def shown_kind(self, case: ExceptionCase) -> str:
        return case.get_kind_display()

    @admin.display(description="状态", ordering="state")
    def shown_state(self, case: ExceptionCase) -> Any:
        return show_label(case.get_state_display(), CASE_COLOURS.get(case.state))

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, case: ExceptionCase) -> Any:
        return show_yuan(case.amount)

    @admin.display(description="支付单")
    def shown_payment(self, case: ExceptionCase) -> Any:
        return link_to(case.payment)

    @admin.display(description="入账凭证")
    def shown_journal(self, case: ExceptionCase) -> Any:
        return link_to(journal_named(case.journal_id)) if case.journal_id else "—"

    @admin.display(description="外部通知")
    def shown_receipt(self, case: ExceptionCase) -> Any:
        return link_to(case.receipt)
