"""The queue of what does not agree with WeChat's bills, and the items of a day behind it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.models import User
from payments.models import CloseItem, Difference
from payments.rules.daily_close import BUCKETS, Bucket
from payments.services.differences import assign, note, resolve
from wallet.selectors.journal import journal_named
from wallet_project.audit.naming import named, people_among
from wallet_project.audit.selectors import latest_about
from wallet_project.audit.words import in_words
from wallet_project.kit import clock
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    link_to,
    show_label,
    show_table,
    show_yuan,
    staff_id,
    told,
)

_TRAIL = 20
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


class AssignForm(BaseDialogForm):
    """To whom."""

    assignee = forms.ModelChoiceField(
        label="处理人",
        queryset=User.objects.filter(is_staff=True, is_active=True).order_by("username"),
        widget=UnfoldAdminSelectWidget,
    )


class OpenFilter(admin.SimpleListFilter):
    title, parameter_name = "进展", "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "未处理"), ("late", "已逾期"), ("no", "已结束")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Difference]) -> QuerySet[Difference]:
        match self.value():
            case "yes":
                return queryset.filter(ended="")
            case "late":
                return queryset.filter(ended="", due_at__lt=clock.now())
            case "no":
                return queryset.exclude(ended="")
        return queryset


@admin.register(Difference)
class DifferenceAdmin(ReadOnlyAdmin):
    list_display = (
        "shown_bucket",
        "shown_day",
        "shown_number",
        "shown_amount",
        "shown_role",
        "shown_assignee",
        "shown_state",
        "shown_age",
        "due_at",
    )
    list_filter = (OpenFilter, "bucket", "close__day")
    search_fields = ("=number", "=subject")
    search_help_text = "我方单号，或完整的对象，例如 payment:4200…"
    list_select_related = ("close",)
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("shown_bucket", "shown_day", "shown_number", "shown_amount", "shown_advice")}),
        ("三方所记", {"fields": ("shown_evidence", "shown_journal", "shown_item")}),
        ("处理", {"fields": ("shown_role", "shown_assignee", "due_at", "shown_state", "repairs")}),
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
        "shown_state",
        "shown_ended_by",
        "shown_trail",
    )
    actions_detail = ("give", "write_note", "settle")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        _meet(changelist.result_list)
        return changelist

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        difference: Any = super().get_object(request, object_id, from_field)
        if difference is not None:
            _meet([difference])
        return difference

    def has_settle_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        waiting = Difference.objects.filter(pk=object_id or 0, ended="").exclude(close__state="LOCKED")
        return request.user.has_perm("payments.change_difference") and waiting.exists()

    @action(
        description="指派",
        permissions=["view", "settle"],
        dialog={"title": "指派给同事", "form_class": AssignForm, "form_submit_text": "指派"},
    )
    def give(self, request: HttpRequest, form: AssignForm, object_id: str) -> HttpResponse:
        with told(request, "已指派"):
            assign(difference_id=int(object_id), assignee_id=form.cleaned_data["assignee"].pk)
        return self.back_to(object_id)

    @action(
        description="备注",
        permissions=["view", "settle"],
        dialog={"title": "写下查到的情况", "form_class": ReasonForm, "form_submit_text": "保存"},
    )
    def write_note(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        with told(request, "已保存"):
            note(difference_id=int(object_id), text=form.cleaned_data["reason"])
        return self.back_to(object_id)

    @action(
        description="处理完毕",
        permissions=["view", "settle"],
        dialog={
            "title": "说明原因并结束这条差异",
            "description": "不移动任何资金：需要调账或退款的先完成。审批日结的同事会看到这里写的原因。",
            "form_class": ReasonForm,
            "form_submit_text": "结束",
        },
    )
    def settle(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        with told(request, "已结束"):
            resolve(
                difference_id=int(object_id), reason=form.cleaned_data["reason"], staff_id=staff_id(request)
            )
        return self.back_to(object_id)

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

    @admin.display(description="处理人")
    def shown_assignee(self, difference: Any) -> str:
        return str(difference.people.get(difference.assignee_id, "—"))

    @admin.display(description="状态", ordering="ended")
    def shown_state(self, difference: Difference) -> Any:
        if difference.ended:
            return show_label(difference.get_ended_display(), "success")
        is_late = difference.due_at < clock.now()
        return show_label("已逾期" if is_late else "未处理", "danger" if is_late else "warning")

    @admin.display(description="已历时")
    def shown_age(self, difference: Difference) -> str:
        age = (difference.ended_at or clock.now()) - difference.created_at
        hours = max(int(age.total_seconds()) // 3600, 0)
        return f"{hours // 24} 天 {hours % 24} 小时" if hours >= 24 else f"{hours} 小时"

    @admin.display(description="结束人")
    def shown_ended_by(self, difference: Any) -> str:
        return str(difference.people.get(difference.ended_by, "—"))

    @admin.display(description="经过")
    def shown_trail(self, difference: Difference) -> str:
        entries = list(latest_about(f"difference:{difference.pk}", limit=_TRAIL))
        people = people_among(entry.actor for entry in entries)
        rows = [
            [
                date_format(timezone.localtime(entry.at), "DATETIME_FORMAT"),
                in_words(entry.action),
                entry.facts.get("reason", ""),
                named(entry.actor, people),
            ]
            for entry in entries
        ]
        return show_table(["时间", "操作", "说明", "操作者"], rows) if rows else "—"


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


def _meet(differences: Any) -> None:
    """Everybody whom these rows name, in one query."""
    numbers = {number for row in differences for number in (row.assignee_id, row.ended_by) if number}
    people = User.objects.in_bulk(numbers)
    for row in differences:
        row.people = people
