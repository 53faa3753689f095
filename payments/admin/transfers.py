"""Merchant transfers: to look at, to ask WeChat again, to call off, and to decide at the very end."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminRadioSelectWidget

from payments.models import MerchantTransfer
from payments.rules.transfers import STOPPABLE, UNDECIDED
from payments.services.transfer_decisions import propose_outcome
from payments.services.transfers import ask_again, stop_transfer
from wallet_project.audit.naming import named, people_among
from wallet_project.audit.selectors import latest_about
from wallet_project.audit.words import in_words
from wallet_project.kit import clock
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    link_to,
    row_act,
    show_label,
    show_table,
    show_yuan,
    staff_id,
)

_COLOURS = {
    "REQUESTED": "warning",
    "ACCEPTED": "info",
    "PROCESSING": "info",
    "WAIT_USER_CONFIRM": "warning",
    "TRANSFERING": "info",
    "CANCELING": "info",
    "SUCCESS": "success",
    "FAIL": "danger",
    "CANCELLED": "danger",
    "REFUSED": "danger",
}
_STATES = {
    "REQUESTED": "待微信受理",
    "ACCEPTED": "微信已受理",
    "PROCESSING": "微信处理中",
    "WAIT_USER_CONFIRM": "待顾客确认收款",
    "TRANSFERING": "到账中",
    "CANCELING": "撤销中",
    "SUCCESS": "已到账",
    "FAIL": "失败，已退回钱包",
    "CANCELLED": "已撤销，已退回钱包",
    "REFUSED": "微信未受理，已退回钱包",
}
# What stands behind a state, for whoever is asked about it; the customer reads less.
_EXPLAINED = {
    "REQUESTED": "款项已离开钱包；尚未向微信请求，或没有得到可信的答复，按同一单号继续请求",
    "ACCEPTED": "微信已受理，尚未轮到顾客确认",
    "PROCESSING": "微信处理中，尚未轮到顾客确认",
    "WAIT_USER_CONFIRM": "等顾客在微信里确认收款；满 24 小时未确认由微信关闭，款项退回钱包",
    "TRANSFERING": "顾客已确认，微信正在付款；此时不能撤销",
    "CANCELING": "已请求撤销，等微信的最后答复；顾客可能抢先确认",
    "SUCCESS": "微信已付给顾客，在途款已核销",
    "FAIL": "微信确认没有付款，款项已退回钱包",
    "CANCELLED": "微信确认已撤销，款项已退回钱包",
    "REFUSED": "微信没有这笔转账，且我们的请求都已失效；款项已退回钱包",
}
_LEARNED_VIA = {"callback": "微信回调", "query": "主动查询", "answer": "请求应答", "people": "双人认定"}


class OutcomeForm(ReasonForm):
    outcome = forms.ChoiceField(
        label="资金账单显示",
        choices=[("arrived", "已付给顾客"), ("returned", "没有付给顾客")],
        widget=UnfoldAdminRadioSelectWidget,
    )
    field_order = ("outcome", "reason")


@admin.register(MerchantTransfer)
class MerchantTransferAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "user",
        "shown_amount",
        "shown_state",
        "shown_doubt",
        "created_at",
        "finished_at",
    )
    list_filter = ("state", "created_at")
    search_fields = ("=number", "=bill_no", "=withdrawal__number", "=user__uid")
    search_help_text = "转账单号、微信转账单号、提现单号或用户号，须完整"
    list_select_related = ("user",)
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("number", "shown_state", "explained", "user", "shown_withdrawal")}),
        ("转账", {"fields": ("shown_amount", "shown_openid", "shown_scene", "named", "bill_no")}),
        ("结果", {"fields": ("shown_via", "shown_reason", "finished_at")}),
        ("查询", {"fields": ("asked_at", "queries", "next_query_at", "last_error")}),
        ("撤销", {"fields": ("stopped_at", "stopped_because")}),
        ("进展", {"fields": ("timeline",)}),
    )
    readonly_fields = (
        "shown_state",
        "explained",
        "shown_withdrawal",
        "shown_amount",
        "shown_openid",
        "shown_scene",
        "shown_via",
        "shown_reason",
        "timeline",
    )
    actions_detail = ("ask", "stop", "decide")

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_view_permission(request) and _is_one_of(object_id, UNDECIDED)

    def has_stop_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.stop_merchanttransfer") and _is_one_of(object_id, STOPPABLE)

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.propose_transfer_outcome") and _is_one_of(object_id, UNDECIDED)

    @row_act("再问一次微信", permissions=["ask"], done="已安排查询，请稍后刷新", form=None)
    def ask(self, request: HttpRequest, object_id: str) -> None:
        ask_again(number=_number(object_id))

    @row_act(
        "撤销",
        permissions=["stop"],
        done="已请求撤销，请稍后刷新",
        title="撤销这笔转账",
        explains="顾客尚未确认时可以撤销，微信确认后退回钱包；顾客抢先确认的，以微信的结果为准。",
    )
    def stop(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        stop_transfer(number=_number(object_id), because=form.cleaned_data["reason"])

    @row_act(
        "申请认定结果",
        permissions=["decide"],
        done="已提交审批",
        title="认定这笔转账的结果",
        explains="发起 30 天后、微信不再答复时使用：请在微信资金账单中核对，由第二人批准后入账。",
        submit="提交审批",
        form=OutcomeForm,
    )
    def decide(self, request: HttpRequest, form: OutcomeForm, object_id: str) -> None:
        propose_outcome(
            number=_number(object_id),
            arrived=form.cleaned_data["outcome"] == "arrived",
            reason=form.cleaned_data["reason"],
            maker_id=staff_id(request),
        )

    @admin.display(description="状态", ordering="state")
    def shown_state(self, transfer: MerchantTransfer) -> Any:
        return show_label(_STATES[transfer.state], _COLOURS[transfer.state])

    @admin.display(description="说明")
    def explained(self, transfer: MerchantTransfer) -> str:
        return _EXPLAINED[transfer.state]

    @admin.display(description="未决原因")
    def shown_doubt(self, transfer: MerchantTransfer) -> str:
        """Only of those that are not over: what was said last, how often it was asked, when it is next."""
        if not transfer.is_undecided:
            return "—"
        turn = transfer.next_query_at
        when = f"下次 {turn.astimezone(clock.SHANGHAI):%m-%d %H:%M:%S}" if turn else "不再查询"
        return f"{transfer.last_error or '等待结果'}；已查询 {transfer.queries} 次，{when}"

    @admin.display(description="提现单")
    def shown_withdrawal(self, transfer: MerchantTransfer) -> Any:
        return link_to(transfer.withdrawal)

    @admin.display(description="转账金额（元）", ordering="amount")
    def shown_amount(self, transfer: MerchantTransfer) -> Any:
        return show_yuan(transfer.amount)

    @admin.display(description="收款人 OpenID")
    def shown_openid(self, transfer: MerchantTransfer) -> str:
        return f"{transfer.openid[:4]}****{transfer.openid[-4:]}" if transfer.openid else "—"

    @admin.display(description="转账场景")
    def shown_scene(self, transfer: MerchantTransfer) -> str:
        reports = "，".join(f"{kind}：{content}" for kind, content in transfer.scene["reports"].items())
        return f"{transfer.scene['code']}（{reports}）"

    @admin.display(description="得知途径")
    def shown_via(self, transfer: MerchantTransfer) -> str:
        return _LEARNED_VIA.get(transfer.learned_via, "—")

    @admin.display(description="失败原因")
    def shown_reason(self, transfer: MerchantTransfer) -> str:
        return f"{transfer.failure}（{transfer.reason}）" if transfer.reason else "—"

    @admin.display(description="经过")
    def timeline(self, transfer: MerchantTransfer) -> str:
        entries = list(reversed(latest_about(f"transfer:{transfer.number}", limit=50)))
        people = people_among(entry.actor for entry in entries)
        rows = [
            (
                f"{entry.at.astimezone(clock.SHANGHAI):%m-%d %H:%M:%S}",
                in_words(entry.action),
                entry.facts.get("because") or _STATES.get(entry.facts.get("state", ""), "—"),
                named(entry.actor, people),
            )
            for entry in entries
        ]
        return show_table(["时间", "事项", "说明", "经办"], rows)


def _is_one_of(object_id: str | None, states: Any) -> bool:
    return object_id is None or MerchantTransfer.objects.filter(pk=object_id, state__in=list(states)).exists()


def _number(object_id: str) -> str:
    return MerchantTransfer.objects.values_list("number", flat=True).get(pk=object_id)
