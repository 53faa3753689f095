"""Rules version by version: drafts, tried on what has been and in the shadow, made live by two."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from accounts.rules.screening import SCREENED
from payments.errors import RuleSnoozedLately
from payments.models import RiskRule
from payments.rules.risk import RULE_MOVES, RuleState
from payments.rules.risk_facts import FACTS
from payments.selectors.risk_reports import RuleRecord, back_test, records_of_rules
from payments.services.risk_rules import (
    draft_next,
    propose_retirement,
    propose_rule,
    propose_snooze,
    snooze,
    start_shadow,
)
from wallet_project.kit import clock
from wallet_project.kit.admin import ReasonForm, WalletAdmin, row_act, show_label, show_table, staff_id

_COLOURS = {"DRAFT": "default", "SHADOW": "info", "LIVE": "success", "RETIRED": "default"}


class SnoozeForm(BaseDialogForm):
    hours = forms.IntegerField(label="小时", min_value=1, max_value=24, widget=UnfoldAdminIntegerFieldWidget)
    reason = forms.CharField(label="原因", min_length=4, max_length=200, widget=UnfoldAdminTextareaWidget)


def _records() -> dict[tuple[str, int], RuleRecord]:
    """One look for a whole list; a minute old at most."""
    found = caches["process"].get_or_set("payments.risk_records", _look_up, timeout=60)
    return found or {}


def _look_up() -> dict[tuple[str, int], RuleRecord]:
    return records_of_rules(at=clock.now())


@admin.register(RiskRule)
class RiskRuleAdmin(WalletAdmin):
    list_display = ("title", "version", "shown_state", "action", "weight", "shown_record", "snoozed_until")
    list_filter = ("state", "action", "cause")
    search_fields = ("code", "title", "expression")
    search_help_text = "代码、名称或表达式"
    ordering = ("code", "-version")
    readonly_fields = ("shown_state", "shown_record", "shown_test", "shown_operations", "shown_facts")
    fields = (*RiskRule.WRITTEN, *readonly_fields)
    actions_detail = ("next_version", "shadow", "propose", "retire", "snooze")

    def get_readonly_fields(self, request: HttpRequest, obj: RiskRule | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "code") if obj else self.readonly_fields

    def has_change_permission(self, request: HttpRequest, obj: RiskRule | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == RuleState.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: RiskRule | None = None) -> bool:
        return False

    def has_write_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.change_riskrule")

    def has_shadow_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_write_permission(request) and _may_become(object_id, RuleState.SHADOW)

    def has_propose_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_write_permission(request) and _may_become(object_id, RuleState.LIVE)

    def has_retire_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_write_permission(request) and _may_become(object_id, RuleState.RETIRED)

    def has_snooze_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.snooze_riskrule")

    def save_model(self, request: HttpRequest, obj: RiskRule, form: Any, change: Any) -> None:
        if not change:
            obj.version, obj.made_by, obj.made_at = 1, staff_id(request), clock.now()
        super().save_model(request, obj, form, change)

    @action(description="编写下一版", url_path="next-version", permissions=["write"])
    def next_version(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.back_to(draft_next(rule_id=int(object_id), maker_id=staff_id(request)).pk)

    @row_act(
        "影子运行",
        permissions=["shadow"],
        done="已开始影子运行，只记录不影响顾客",
        form=None,
    )
    def shadow(self, request: HttpRequest, object_id: str) -> None:
        start_shadow(rule_id=int(object_id))

    @row_act(
        "申请上线",
        permissions=["propose"],
        done="已提交审批",
        title="申请上线这一版",
        explains="由另一位同事批准；同代码的现行版本随之退役。回测结果一并提交。",
        submit="提交审批",
    )
    def propose(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_rule(rule_id=int(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request))

    @row_act(
        "申请退役",
        permissions=["retire"],
        done="已提交审批",
        title="申请让这条规则退役",
        explains="由另一位同事批准。",
        submit="提交审批",
    )
    def retire(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_retirement(
            rule_id=int(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request)
        )

    @row_act(
        "暂停",
        permissions=["snooze"],
        title="暂停这条规则",
        explains="最多一天，到时自动恢复。一周内再次暂停须由另一位同事批准。",
        form=SnoozeForm,
    )
    def snooze(self, request: HttpRequest, form: SnoozeForm, object_id: str) -> str:
        wish = {"rule_id": int(object_id), **form.cleaned_data}
        try:
            return f"已暂停至 {clock.in_words(snooze(**wish))}"
        except RuleSnoozedLately as error:
            propose_snooze(**wish, maker_id=staff_id(request))
            return f"{error.message}，已提交审批"

    @admin.display(description="状态", ordering="state")
    def shown_state(self, rule: RiskRule) -> Any:
        return show_label(rule.get_state_display(), _COLOURS.get(rule.state))

    @admin.display(description="近 30 天")
    def shown_record(self, rule: RiskRule) -> str:
        record = _records().get((rule.code, rule.version))
        if record is None:
            return "没有命中"
        right = "" if record.precision is None else f"，准确率 {record.precision}%"
        return f"命中 {record.hits} 次 {record.users} 人{right}"

    @admin.display(description="回测")
    def shown_test(self, rule: RiskRule) -> str:
        return back_test(rule.as_rule, at=clock.now()).in_words if rule.pk else "保存后显示"

    @admin.display(description="操作代码")
    def shown_operations(self, _rule: RiskRule) -> str:
        return show_table(["代码", "操作"], [[code, words] for code, words in SCREENED.items()])

    @admin.display(description="可用的事实")
    def shown_facts(self, _rule: RiskRule) -> str:
        return show_table(
            ["名称", "类型", "含义"], [[name, fact.type.value, fact.says] for name, fact in FACTS.items()]
        )


def _may_become(object_id: str | None, state: RuleState) -> bool:
    before = [earlier for earlier, later in RULE_MOVES.items() if state in later]
    return object_id is None or RiskRule.objects.filter(pk=object_id, state__in=before).exists()
