"""Exceptions at the desk: what came, what it should have been, whose it is, and what is done about it."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join

from payments.admin.work import OwnerFilter, ProgressFilter, WorkAdmin
from payments.errors import CaseNeedsApproval
from payments.models import ExceptionCase, Refund
from payments.rules.cases import HONOURABLE
from payments.selectors.cases import OPEN, bill_lines_of, close_item_of, other_receipts
from payments.services.case_money import honour_case, propose_honour, propose_refund, refund_case
from payments.services.case_work import assign_case, note_case_seen, note_on_case, resolve_by_hand
from wallet.selectors.journal import journal_named
from wallet_project.kit import clock
from wallet_project.kit.admin import (
    ReadOnlyInline,
    ReasonForm,
    Waits,
    link_to,
    row_act,
    show_label,
    show_table,
    show_yuan,
    staff_id,
)

CASE_COLOURS = {"OPEN": "danger", "REFUNDING": "warning", "RESOLVED": "success"}
_VIA = {"callback": "微信回调", "query": "主动查询", "bill": "账单补记", "answer": "请求应答"}
_SAID_STATES = {
    "SUCCESS": "成功",
    "REFUND": "已支付，有退款",
    "PROCESSING": "处理中",
    "CLOSED": "已关闭",
    "ABNORMAL": "异常",
    "FAIL": "失败",
    "FAILED": "失败",
    "CANCELLED": "已撤销",
    "REQUESTED": "等待受理",
    "TRANSFERING": "到账中",
    "ACCEPTED": "已受理",
    "CANCELING": "撤销中",
    "REVERSED": "已退回",
    "REVOKED": "已撤销",
    "CHANGE": "退款异常",
}
# What the evidence names, and how it is read; what is compared with the payment has a table of its own.
_AMOUNTS = {"amount": "金额（元）"}
_WORDS = {
    "via": "得知途径",
    "state": "外部状态",
    "order": "订单",
    "refund": "退款单",
    "transfer": "转账单",
    "number": "单号",
    "payment_id": "平台单号",
    "biller": "缴费机构",
    "bill_no": "微信转账单号",
    "transaction_id": "微信支付单号",
    "reason": "原因",
    "said": "最近答复",
    "queries": "已查询次数",
    "source": "来源",
    "event_type": "通知类型",
    "way": "发货方式",
    "Event": "消息类型",
    "msg": "内容",
    "merchant_id": "商户号",
    "merchant_trade_no": "商户单号",
}
_MOMENTS = {"success_time": "支付时间", "since": "发起时间"}
_TOLD = {"via": _VIA, "state": _SAID_STATES}


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
class ExceptionCaseAdmin(WorkAdmin):
    open_rows = OPEN
    people_in = ("assignee_id", "decided_by")
    list_display = (
        "shown_kind",
        "number",
        "shown_amount",
        "shown_state",
        "shown_due",
        "shown_assignee",
        "created_at",
        "resolution",
    )
    list_filter = (ProgressFilter, OwnerFilter, "kind", "state", "created_at")
    waits = Waits(
        words="待处理的支付异常",
        permission="payments.change_exceptioncase",
        which=OPEN,
        late=lambda at: Q(due_at__lt=at),
        shows={"open": "yes"},
    )
    search_fields = ("=number", "=transaction_id")
    search_help_text = "支付单号、退款单号、缴费单号，微信或平台单号，须完整"
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {"fields": ("shown_kind", "shown_state", "shown_amount", "number", "transaction_id")},
        ),
        (
            "证据",
            {
                "fields": (
                    "shown_compared",
                    "shown_evidence",
                    "shown_receipts",
                    "shown_bill_lines",
                    "shown_payment",
                    "shown_order",
                    "shown_journal",
                )
            },
        ),
        ("处理", {"fields": ("shown_rule", "shown_assignee", "due_at", "shown_due", "shown_age")}),
        ("结果", {"fields": ("resolution", "resolved_at", "shown_decided_by", "shown_trail")}),
    )
    readonly_fields = (
        "shown_kind",
        "shown_state",
        "shown_amount",
        "shown_compared",
        "shown_evidence",
        "shown_receipts",
        "shown_bill_lines",
        "shown_payment",
        "shown_order",
        "shown_journal",
        "shown_rule",
        "shown_assignee",
        "shown_due",
        "shown_age",
        "shown_decided_by",
        "shown_trail",
    )
    inlines = (CaseRefunds,)
    actions_detail = ("take", "give", "write_note", "refund", "honour", "settle")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **options: Any) -> HttpResponse:
        """The first look of somebody who works on it stands in its timeline."""
        case = self.get_object(request, object_id) if self.has_work_permission(request) else None
        if case is not None and case.is_open and case.seen_at is None:
            note_case_seen(case_id=case.pk, at=clock.now())
        return super().change_view(request, object_id, *args, **options)

    def has_work_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.change_exceptioncase") and self.still_open(object_id)

    def has_refund_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may(request, object_id, Q(journal_id__isnull=False))

    def has_honour_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        late_for_an_order = Q(kind__in=HONOURABLE, journal_id__isnull=False, payment__order__isnull=False)
        return self._may(request, object_id, late_for_an_order)

    def has_settle_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may(request, object_id, Q(journal_id=None))

    def _may(self, request: HttpRequest, object_id: str | None, of_such: Q) -> bool:
        if not self.has_work_permission(request):
            return False
        return object_id is None or ExceptionCase.objects.filter(OPEN & of_such, pk=object_id).exists()

    def assign(self, object_id: str, assignee_id: int) -> None:
        assign_case(case_id=int(object_id), assignee_id=assignee_id)

    def write_down(self, object_id: str, text: str) -> None:
        note_on_case(case_id=int(object_id), text=text)

    def trail_of(self, row: ExceptionCase) -> str:
        return f"case:{row.pk}"

    @row_act(
        "原路退款",
        permissions=["view", "refund"],
        title="原路退款给付款人",
        explains="款项退回付款的微信账户。超过单人可处理的限额时，须由另一位同事审批。",
        submit="退款",
    )
    def refund(self, request: HttpRequest, form: ReasonForm, object_id: str) -> str:
        case_id, reason, who = int(object_id), form.cleaned_data["reason"], staff_id(request)
        try:
            return f"已提交退款 {refund_case(case_id=case_id, reason=reason, staff_id=who).number}"
        except CaseNeedsApproval as error:
            propose_refund(case_id=case_id, reason=reason, maker_id=who)
            return f"{error.message}，已提交审批"

    @row_act(
        "入账到原订单",
        permissions=["view", "honour"],
        title="用这笔迟到的付款支付原订单",
        explains="订单须仍待支付且金额完全一致。超过单人可处理的限额时，须由另一位同事审批。",
        submit="入账",
    )
    def honour(self, request: HttpRequest, form: ReasonForm, object_id: str) -> str:
        case_id, reason, who = int(object_id), form.cleaned_data["reason"], staff_id(request)
        try:
            honour_case(case_id=case_id, reason=reason, staff_id=who)
        except CaseNeedsApproval as error:
            propose_honour(case_id=case_id, reason=reason, maker_id=who)
            return f"{error.message}，已提交审批"
        return "已入账，订单已支付"

    @row_act(
        "处理完毕",
        permissions=["view", "settle"],
        done="已结束",
        title="说明结果并结束这条异常",
        explains="这条异常没有款项需要退回。请写明核实的结果。",
        submit="结束",
    )
    def settle(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        resolve_by_hand(
            case_id=int(object_id), resolution=form.cleaned_data["reason"], staff_id=staff_id(request)
        )

    @admin.display(description="类型", ordering="kind")
    def shown_kind(self, case: ExceptionCase) -> str:
        return case.get_kind_display()

    @admin.display(description="状态", ordering="state")
    def shown_state(self, case: ExceptionCase) -> Any:
        return show_label(case.get_state_display(), CASE_COLOURS.get(case.state))

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, case: ExceptionCase) -> Any:
        return show_yuan(case.amount or None)

    @admin.display(description="核对")
    def shown_compared(self, case: ExceptionCase) -> str:
        """What we asked for beside what came; only of payments."""
        said, payment = case.evidence, case.payment
        if "total" not in said:
            return "—"
        ours: list[Any] = ["—"] * 4
        if payment is not None:
            ours = [show_yuan(payment.from_channel), "CNY", payment.mchid, payment.appid]
        theirs = [show_yuan(said["total"]), said["currency"], said["mchid"], said["appid"]]
        rows = [
            [name, mine, other]
            for name, mine, other in zip(["金额（元）", "币种", "商户号", "AppID"], ours, theirs, strict=True)
        ]
        same_payer = "一致" if said.get("payer_is_expected") else "不一致或未知"
        return show_table(["项目", "我方", "微信"], [*rows, ["付款人", "下单人", same_payer]])

    @admin.display(description="外部所述")
    def shown_evidence(self, case: ExceptionCase) -> str:
        said = case.evidence
        amounts = [[name, show_yuan(said[key])] for key, name in _AMOUNTS.items() if said.get(key)]
        words = [
            [name, _TOLD.get(key, {}).get(said[key], said[key])]
            for key, name in _WORDS.items()
            if said.get(key)
        ]
        words += [
            [name, clock.in_words(datetime.fromisoformat(said[key]))]
            for key, name in _MOMENTS.items()
            if said.get(key)
        ]
        return show_table(["内容", "值"], [*amounts, *words]) if amounts or words else "—"

    @admin.display(description="外部通知")
    def shown_receipts(self, case: ExceptionCase) -> Any:
        """What opened it, and what came about the same number; each is opened in clear on its own page."""
        receipts = [*([case.receipt] if case.receipt else []), *other_receipts(case)]
        return format_html_join("　", "{}", ([link_to(each)] for each in receipts)) or "—"

    @admin.display(description="账单行")
    def shown_bill_lines(self, case: ExceptionCase) -> str:
        rows = [
            [
                link_to(line.file.close),
                link_to(close_item_of(line), line.external_id),
                show_yuan(line.amount),
                _SAID_STATES.get(line.state, line.state),
            ]
            for line in bill_lines_of(case)
        ]
        return show_table(["业务日", "微信单号", "金额（元）", "状态"], rows) if rows else "—"

    @admin.display(description="支付单")
    def shown_payment(self, case: ExceptionCase) -> Any:
        return link_to(case.payment)

    @admin.display(description="订单")
    def shown_order(self, case: ExceptionCase) -> Any:
        return link_to(case.payment.order) if case.payment else "—"

    @admin.display(description="入账凭证")
    def shown_journal(self, case: ExceptionCase) -> Any:
        return link_to(journal_named(case.journal_id)) if case.journal_id else "—"

    @admin.display(description="适用规则")
    def shown_rule(self, case: ExceptionCase) -> Any:
        return link_to(case.rule, case.rule.get_handling_display()) if case.rule else "—"

    @admin.display(description="决定人")
    def shown_decided_by(self, case: ExceptionCase) -> str:
        if case.decided_by:
            return self.name_of(case, case.decided_by)
        return "—" if case.is_open else "系统"
