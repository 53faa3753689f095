"""The desk where held moves and patterns wait, and every decision with what it was based on."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from accounts.models import User
from accounts.rules.screening import SCREENED
from payments.models import RiskCase, RiskDecision, RiskRule
from payments.rules.risk_cases import RiskCaseState
from payments.rules.risk_facts import FACTS
from payments.selectors.risk_graph import ties_of
from payments.services.risk_cases import add_note, confirm, let_go, take_case
from wallet.rules.freezes import FreezeScope
from wallet.selectors.withdrawals import withdrawal_numbered
from wallet.services.wallets import open_wallet
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
        "cause",
        "until",
        "device_id",
        "ip",
        "is_final",
        "is_degraded",
        "at",
        "shown_hits",
        "shown_facts",
    )
    readonly_fields = ("shown_operation", "shown_amount", "shown_outcome", "shown_hits", "shown_facts")

    @admin.display(description="操作", ordering="operation")
    def shown_operation(self, decision: RiskDecision) -> str:
        return SCREENED.get(decision.operation, decision.operation)

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, decision: RiskDecision) -> Any:
        return show_yuan(decision.amount)

    @admin.display(description="结论", ordering="outcome")
    def shown_outcome(self, decision: RiskDecision) -> Any:
        return show_label(decision.get_outcome_display(), _OUTCOMES.get(decision.outcome))

    @admin.display(description="命中规则")
    def shown_hits(self, decision: RiskDecision) -> str:
        return _hits(decision)

    @admin.display(description="依据")
    def shown_facts(self, decision: RiskDecision) -> str:
        rows = [[fact.says, decision.facts[name]] for name, fact in FACTS.items() if decision.facts.get(name)]
        return show_table(["事实", "当时的值"], rows)


@admin.register(RiskCase)
class RiskCaseAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "title",
        "user",
        "shown_amount",
        "shown_state",
        "shown_assignee",
        "shown_due",
    )
    list_filter = ("state", "kind", "opened_at")
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
        "shown_timeline",
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
        "shown_timeline",
        "shown_assignee",
        "shown_due",
    )
    actions_detail = ("take", "note", "let_go", "confirm")

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        is_open = RiskCase.objects.filter(state=RiskCaseState.OPEN)
        allowed = request.user.has_perm("payments.decide_riskcase")
        return allowed and (object_id is None or is_open.filter(pk=object_id).exists())

    @action(description="接手", url_path="take", permissions=["decide"])
    def take(self, request: HttpRequest, object_id: str) -> HttpResponse:
        with told(request, "已由您处理"):
            take_case(number=_number(object_id), staff_id=staff_id(request))
        return self.back_to(object_id)

    @action(
        description="添加记录",
        permissions=["decide"],
        dialog={"title": "添加记录", "form_class": ReasonForm, "form_submit_text": "添加"},
    )
    def note(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        with told(request, "已添加"):
            add_note(number=_number(object_id), text=form.cleaned_data["reason"])
        return self.back_to(object_id)

    @action(
        description="误报，放行",
        permissions=["decide"],
        dialog={
            "title": "误报，放行",
            "description": "解除资金冻结；顾客 24 小时内可再次操作，不会再被暂缓。审核中的提现随即转出。",
            "form_class": ReasonForm,
            "form_submit_text": "放行",
        },
    )
    def let_go(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        with told(request, "已放行"):
            let_go(
                number=_number(object_id),
                staff_id=staff_id(request),
                conclusion=form.cleaned_data["reason"],
            )
        return self.back_to(object_id)

    @action(
        description="确认风险",
        permissions=["decide"],
        dialog={
            "title": "确认风险",
            "description": "操作不再进行，审核中的提现被拒绝；冻结钱包后须由两人解冻。",
            "form_class": ConfirmForm,
            "form_submit_text": "确认",
        },
    )
    def confirm(self, request: HttpRequest, form: ConfirmForm, object_id: str) -> HttpResponse:
        scope = form.cleaned_data["scope"]
        with told(request, "已确认"):
            confirm(
                number=_number(object_id),
                staff_id=staff_id(request),
                conclusion=form.cleaned_data["reason"],
                freeze=FreezeScope(scope) if scope else None,
            )
        return self.back_to(object_id)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, case: RiskCase) -> Any:
        return show_label(case.get_state_display(), _STATES.get(case.state))

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, case: RiskCase) -> Any:
        return show_yuan(case.amount)

    @admin.display(description="处理人")
    def shown_assignee(self, case: RiskCase) -> str:
        staff = User.objects.filter(pk=case.assignee_id).first() if case.assignee_id else None
        return str(staff) if staff else "无人接手"

    @admin.display(description="应在此前处理", ordering="due_at")
    def shown_due(self, case: RiskCase) -> Any:
        late = case.state == RiskCaseState.OPEN and case.due_at < clock.now()
        return show_label(f"已超时 {clock.in_words(case.due_at)}", "danger") if late else case.due_at

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
    def shown_timeline(self, case: RiskCase) -> str:
        rows = [[clock.in_words(note.at), _who(note.by), note.text] for note in case.notes.all()]
        return show_table(["时间", "何人", "内容"], rows)


def _who(actor: str) -> str:
    kind, _, number = actor.partition(":")
    staff = User.objects.filter(pk=number).first() if kind == "staff" else None
    return str(staff) if staff else "系统"


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
