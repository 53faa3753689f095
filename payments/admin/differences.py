"""The queue of what does not agree with WeChat's bills, and the items of a day behind it."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from unfold.paginator import InfinitePaginator

from payments.admin.work import OwnerFilter, ProgressFilter, WorkAdmin
from payments.models import CloseItem, Difference
from payments.rules.daily_close import BUCKETS, Bucket
from payments.services.differences import assign, note, resolve
from wallet.selectors.journal import journal_named
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    Waits,
    link_to,
    row_act,
    show_label,
    show_table,
    show_yuan,
    staff_id,
)

_EVIDENCE = {
    "trade": "交易账单（元）",
    "fund": "资金账单（元）",
    "ledger": "账簿（元）",
    "fee": "手续费（元）",
}
_STATES = {
    "SUCCESS": "成功",
    "REVOKED": "已撤销",
    "PROCESSING": "处理中",
    "FAIL": "失败",
    "CHANGE": "退款异常",
}
_WORDS = {
    "problem": "问题",
    "raw": "原文",
    "external_id": "微信单号",
    "rows": "行数",
    "first": "首行",
}


@admin.register(Difference)
class DifferenceAdmin(WorkAdmin):
    open_rows = Q(ended="")
    people_in = ("assignee_id", "ended_by")
    list_display = (
        "shown_bucket",
        "shown_day",
        "shown_number",
        "shown_amount",
        "shown_role",
        "shown_assignee",
        "shown_state",
        "shown_due",
        "shown_age",
    )
    list_filter = (ProgressFilter, OwnerFilter, "bucket", "close__day")
    waits = Waits(
        words="待处理的对账差异",
        permission="payments.change_difference",
        which=open_rows,
        late=lambda at: Q(due_at__lt=at),
        shows={"open": "yes"},
    )
    search_fields = ("=number", "=subject")
    search_help_text = "我方单号，或完整的对象，例如 payment:4200…"
    list_select_related = ("close",)
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("shown_bucket", "shown_day", "shown_number", "shown_amount", "shown_advice")}),
        ("三方所记", {"fields": ("shown_evidence", "shown_journal", "shown_item")}),
        (
            "处理",
            {"fields": ("shown_state", "shown_role", "shown_assignee", "due_at", "shown_due", "repairs")},
        ),
        ("结果", {"fields": ("resolution", "ended_at", "shown_ended_by", "shown_trail")}),
    )
    readonly_fields = (
        "shown_bucket",
        "shown_day",
        "shown_number",
        "shown_amount",
        "shown_advice",
        "shown_evidence",
        "shown_journal",
        "shown_item",
        "shown_role",
        "shown_assignee",
        "shown_due",
        "shown_state",
        "shown_ended_by",
        "shown_trail",
    )
    actions_detail = ("take", "give", "write_note", "settle")

    def has_work_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.change_difference") and self.still_open(object_id)

    def assign(self, object_id: str, assignee_id: int) -> None:
        assign(difference_id=int(object_id), assignee_id=assignee_id)

    def write_down(self, object_id: str, text: str) -> None:
        note(difference_id=int(object_id), text=text)

    def trail_of(self, row: Difference) -> str:
        return f"difference:{row.pk}"

    @row_act(
        "处理完毕",
        permissions=["view", "work"],
        done="已结束",
        title="说明原因并结束这条差异",
        explains="不移动任何资金：需要调账或退款的先完成。审批日结的同事会看到这里写的原因。",
        submit="结束",
    )
    def settle(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        resolve(difference_id=int(object_id), reason=form.cleaned_data["reason"], staff_id=staff_id(request))

    @admin.display(description="类型", ordering="bucket")
    def shown_bucket(self, difference: Difference) -> str:
        return difference.get_bucket_display()

    @admin.display(description="业务日", ordering="close__day")
    def shown_day(self, difference: Difference) -> Any:
        return link_to(difference.close)

    @admin.display(description="单号")
    def shown_number(self, difference: Difference) -> str:
        return difference.number or difference.subject.rpartition(":")[2]

    @admin.display(description="差额（元）", ordering="amount")
    def shown_amount(self, difference: Difference) -> Any:
        return show_yuan(difference.amount)

    @admin.display(description="先做什么")
    def shown_advice(self, difference: Difference) -> str:
        return BUCKETS[Bucket(difference.bucket)].advice

    @admin.display(description="比较")
    def shown_evidence(self, difference: Difference) -> str:
        said = difference.evidence
        amounts = [[name, show_yuan(said[key])] for key, name in _EVIDENCE.items() if key in said]
        words = [[name, said[key]] for key, name in _WORDS.items() if said.get(key)]
        if said.get("state"):
            words.append(["微信状态", _STATES.get(said["state"], said["state"])])
        return show_table(["来源", "内容"], [*amounts, *words])

    @admin.display(description="凭证")
    def shown_journal(self, difference: Difference) -> Any:
        journal_id = difference.evidence.get("journal")
        return link_to(journal_named(journal_id)) if journal_id else "—"

    @admin.display(description="对账明细")
    def shown_item(self, difference: Difference) -> Any:
        kind, _, external_id = difference.subject.partition(":")
        items = CloseItem.objects.filter(close=difference.close_id, kind=kind, external_id=external_id)
        return link_to(items.first())

    @admin.display(description="负责角色")
    def shown_role(self, difference: Difference) -> str:
        return difference.role

    @admin.display(description="状态", ordering="ended")
    def shown_state(self, difference: Difference) -> Any:
        return show_label(difference.get_ended_display() or "未处理", "success" if difference.ended else None)

    @admin.display(description="结束人")
    def shown_ended_by(self, difference: Any) -> str:
        return self.name_of(difference, difference.ended_by)


@admin.register(CloseItem)
class CloseItemAdmin(ReadOnlyAdmin):
    list_display = (
        "external_id",
        "kind",
        "shown_outcome",
        "number",
        "shown_trade",
        "shown_fund",
        "shown_ledger",
        "at",
        "booked_at",
    )
    list_filter = ("outcome", "kind", "close__day")
    search_fields = ("=external_id", "=number")
    search_help_text = "微信单号或我方单号，须完整"
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "shown_close",
        "kind",
        "shown_outcome",
        "external_id",
        "number",
        "shown_trade",
        "shown_fund",
        "shown_ledger",
        "shown_fee",
        "shown_wechat_state",
        "at",
        "booked_at",
        "other_day",
        "shown_journal",
    )
    readonly_fields = (
        "shown_close",
        "shown_outcome",
        "shown_trade",
        "shown_fund",
        "shown_ledger",
        "shown_fee",
        "shown_wechat_state",
        "shown_journal",
    )

    @admin.display(description="业务日")
    def shown_close(self, item: CloseItem) -> Any:
        return link_to(item.close)

    @admin.display(description="结果", ordering="outcome")
    def shown_outcome(self, item: CloseItem) -> Any:
        if not item.outcome:
            return show_label("三方相符", "success")
        return show_label(item.get_outcome_display(), "danger")

    @admin.display(description="交易账单（元）")
    def shown_trade(self, item: CloseItem) -> Any:
        return show_yuan(item.trade_amount)

    @admin.display(description="资金账单（元）")
    def shown_fund(self, item: CloseItem) -> Any:
        return show_yuan(item.fund_amount)

    @admin.display(description="账簿（元）")
    def shown_ledger(self, item: CloseItem) -> Any:
        return show_yuan(item.ledger_amount)

    @admin.display(description="微信状态")
    def shown_wechat_state(self, item: CloseItem) -> str:
        return _STATES.get(item.state, item.state or "—")

    @admin.display(description="手续费（元）")
    def shown_fee(self, item: CloseItem) -> Any:
        return show_yuan(item.fee)

    @admin.display(description="凭证")
    def shown_journal(self, item: CloseItem) -> Any:
        return link_to(journal_named(item.journal_id)) if item.journal_id else "—"
