"""The desk where held moves and patterns wait, and every decision with what it was based on."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from accounts.models import User
from accounts.rules.screening import SCREENED, Outcome
from payments.admin.work import OwnerFilter, ProgressFilter, WorkAdmin
from payments.models import RiskCase, RiskDecision, RiskRule
from payments.rules.risk_cases import RiskCaseState
from payments.rules.risk_facts import FACTS, FactType
from payments.selectors.risk_graph import ties_of
from payments.services.risk_cases import add_note, assign_case, confirm, let_go
from wallet.rules.freezes import FreezeScope
from wallet.selectors.withdrawals import withdrawal_numbered
from wallet.services.wallets import open_wallet
from wallet_project.audit.naming import named, people_among
from wallet_project.kit import clock
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

_OUTCOMES = {"ALLOW": "success", "STEP_UP": "info", "DELAY": "warning", "HOLD": "warning", "DENY": "danger"}
_STATES = {"OPEN": "warning", "FALSE_ALARM": "success", "CONFIRMED": "danger"}


class ConfirmForm(BaseDialogForm):
    scope = forms.ChoiceField(
        label="冻结钱包",
        choices=[("", "不冻结"), *FreezeScope.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    reason = forms.CharField(label="结论", min_length=4, max_length=200, widget=UnfoldAdminTextareaWidget)


@admin.register(RiskDecision)
class RiskDecisionAdmin(ReadOnlyAdmin):
    list_display = ("number", "user", "shown_operation", "shown_amount", "shown_outcome", "score", "at")
    list_filter = ("outcome", "is_final", "is_degraded", "at")
    search_fields = ("=number", "=user__uid", "=device_id", "=ip")
    search_help_text = "申诉编号、用户号、设备号或 IP"
    list_select_related = ("user",)
    ordering = ("-id",)
    fields = (
        "number",
        "user",
        "shown_operation",
        "shown_amount",
        "shown_outcome",
        "score",
        "shown_cause",
        "until",
        "device_id",
        "ip",
        "is_final",
        "is_degraded",
        "at",
        "shown_hits",
        "shown_facts",
    )
    readonly_fields = (
        "shown_operation",
        "shown_amount",
        "shown_outcome",
        "shown_cause",
        "shown_hits",
        "shown_facts",
    )

    @admin.display(description="操作", ordering="operation")
    def shown_operation(self, decision: RiskDecision) -> str:
        return SCREENED.get(decision.operation, decision.operation)

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, decision: RiskDecision) -> Any:
        return show_yuan(decision.amount)

    @admin.display(description="结论", ordering="outcome")
    def shown_outcome(self, decision: RiskDecision) -> Any:
        return show_label(decision.get_outcome_display(), _OUTCOMES.get(decision.outcome))

    @admin.display(description="告知原因")
    def shown_cause(self, decision: RiskDecision) -> str:
        return "—" if decision.outcome == Outcome.ALLOW else decision.get_cause_display()

    @admin.display(description="命中规则")
    def shown_hits(self, decision: RiskDecision) -> str:
        return _hits(decision)

    @admin.display(description="依据")
    def shown_facts(self, decision: RiskDecision) -> str:
        rows = [
            [fact.says, "是" if fact.type == FactType.YES_NO else value]
            for name, fact in FACTS.items()
            if name != "operation" and (value := decision.facts.get(name))
        ]
        return show_table(["事实", "当时的值"], rows)


@admin.register(RiskCase)
class RiskCaseAdmin(WorkAdmin):
    open_rows = Q(state=RiskCaseState.OPEN)
    list_display = (
        "number",
        "title",
        "user",
        "shown_amount",
        "shown_state",
        "shown_assignee",
        "shown_due",
    )
    list_filter = (ProgressFilter, OwnerFilter, "state", "kind", "opened_at", "closed_at")
    waits = Waits(
        words="待处理的风控案件",
        permission="payments.decide_riskcase",
        which=Q(state=RiskCaseState.OPEN),
        late=lambda at: Q(due_at__lt=at),
        shows={"open": "yes"},
    )
    search_fields = ("=number", "=user__uid", "=reference", "=decision__number")
    search_help_text = "案件号、申诉编号、用户号或提现单号"
    list_select_related = ("user",)
    ordering = ("-id",)
    fields = (
        "number",
        "shown_state",
        "title",
        "user",
        "shown_wallet",
        "shown_amount",
        "shown_hold",
        "shown_withdrawal",
        "shown_decision",
        "shown_hits",
        "shown_evidence",
        "shown_ties",
        "shown_trail",
        "shown_assignee",
        "opened_at",
        "shown_due",
        "closed_at",
        "conclusion",
    )
    readonly_fields = (
        "shown_state",
        "shown_wallet",
        "shown_amount",
        "shown_hold",
        "shown_withdrawal",
        "shown_decision",
        "shown_hits",
        "shown_evidence",
        "shown_ties",
        "shown_trail",
        "shown_assignee",
        "shown_due",
    )
    actions_detail = ("take", "give", "write_note", "let_go", "confirm")

    def has_work_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.decide_riskcase") and self.still_open(object_id)

    def assign(self, object_id: str, assignee_id: int) -> None:
        assign_case(number=_number(object_id), assignee_id=assignee_id)

    def write_down(self, object_id: str, text: str) -> None:
        add_note(number=_number(object_id), text=text)

    @row_act(
        "误报，放行",
        permissions=["work"],
        done="已放行",
        explains="解除资金冻结；顾客 24 小时内可再次操作，不会再被暂缓。审核中的提现随即转出。",
        submit="放行",
    )
    def let_go(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        let_go(number=_number(object_id), staff_id=staff_id(request), conclusion=form.cleaned_data["reason"])

    @row_act(
        "确认风险",
        permissions=["work"],
        done="已确认",
        explains="操作不再进行，审核中的提现被拒绝；冻结钱包后须由两人解冻。",
        submit="确认",
        form=ConfirmForm,
    )
    def confirm(self, request: HttpRequest, form: ConfirmForm, object_id: str) -> None:
        scope = form.cleaned_data["scope"]
        confirm(
            number=_number(object_id),
            staff_id=staff_id(request),
            conclusion=form.cleaned_data["reason"],
            freeze=FreezeScope(scope) if scope else None,
        )

    @admin.display(description="状态", ordering="state")
    def shown_state(self, case: RiskCase) -> Any:
        return show_label(case.get_state_display(), _STATES.get(case.state))

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, case: RiskCase) -> Any:
        return show_yuan(case.amount)

    @admin.display(description="钱包")
    def shown_wallet(self, case: RiskCase) -> Any:
        return link_to(open_wallet(user_id=case.user_id))

    @admin.display(description="资金冻结")
    def shown_hold(self, case: RiskCase) -> Any:
        return link_to(case.hold)

    @admin.display(description="审核中的提现")
    def shown_withdrawal(self, case: RiskCase) -> Any:
        return link_to(withdrawal_numbered(case.reference)) if case.reference else "—"

    @admin.display(description="风控决策")
    def shown_decision(self, case: RiskCase) -> Any:
        return link_to(case.decision)

    @admin.display(description="命中规则")
    def shown_hits(self, case: RiskCase) -> str:
        return _hits(case.decision) if case.decision else case.title

    @admin.display(description="证据")
    def shown_evidence(self, case: RiskCase) -> str:
        return show_table(["事实", "值"], [[name, value] for name, value in case.evidence.items()]) or "—"

    @admin.display(description="往来与共用设备（90 天）")
    def shown_ties(self, case: RiskCase) -> str:
        ties = ties_of(user_id=case.user_id, uid=str(case.user.uid), at=clock.now())
        people = {str(user.uid): user for user in User.objects.filter(uid__in=[tie.to for tie in ties])}
        rows = [
            [tie.kind, link_to(people.get(tie.to)), tie.device or "—", tie.moves, show_yuan(tie.amount)]
            for tie in ties
        ]
        return show_table(["关系", "对方", "设备", "笔数", "金额（元）"], rows)

    @admin.display(description="处理过程")
    def shown_trail(self, case: RiskCase) -> str:
        notes = list(case.notes.all())
        people = people_among(note.by for note in notes)
        rows = [[clock.in_words(note.at), named(note.by, people), note.text] for note in notes]
        return show_table(["时间", "何人", "内容"], rows)


def _number(object_id: str) -> str:
    return RiskCase.objects.values_list("number", flat=True).get(pk=object_id)


def _hits(decision: RiskDecision) -> str:
    titles = dict(RiskRule.objects.values_list("code", "title"))
    rows = [
        [
            titles.get(hit["code"], hit["code"]),
            f"第 {hit['version']} 版",
            hit["weight"],
            "影子" if hit["is_shadow"] else "计入",
        ]
        for hit in decision.hits
    ]
    return show_table(["规则", "版本", "分值", "是否计入"], rows)
