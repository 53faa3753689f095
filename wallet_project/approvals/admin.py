"""The queue: what waits for a second pair of eyes, in words, and why somebody may not decide it."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from unfold.forms import BaseDialogForm

from wallet_project.approvals.kinds import registered_kinds, shown_facts_of, title_of
from wallet_project.approvals.models import Proposal, ProposalState
from wallet_project.approvals.selectors import may_be_decided_by, objection_to
from wallet_project.approvals.services import approve, reject, withdraw
from wallet_project.audit.words import name_actions
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    Waits,
    row_act,
    show_label,
    show_table,
    staff_id,
)

name_actions(
    "审批",
    {
        "approvals.agreed.state": "经审批的内容生效或停用",
        "approvals.proposal.made": "提出申请",
        "approvals.proposal.approved": "批准申请",
        "approvals.proposal.rejected": "驳回申请",
        "approvals.proposal.withdrawn": "撤回申请",
        "approvals.proposal.expired": "申请过期",
    },
)

STATE_COLOURS = {"OPEN": "warning", "APPROVED": "success", "REJECTED": "danger"}


class KindFilter(admin.SimpleListFilter):
    title, parameter_name = "类型", "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.name, kind.title) for kind in registered_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> QuerySet[Proposal]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    list_display = ("shown_kind", "summary", "shown_maker", "shown_state", "created_at", "expires_at")
    list_filter = ("state", KindFilter, "created_at")
    waits = Waits(
        words="待我审批的申请",
        permission="approvals.view_proposal",
        which=lambda request: may_be_decided_by(request.user),
        shows={"state__exact": ProposalState.OPEN},
    )
    search_fields = ("=subject",)
    search_help_text = "完整的对象，例如 wallet:12"
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("shown_kind", "shown_state", "shown_facts", "reason", "shown_maker")}),
        ("审批", {"fields": ("shown_right", "shown_checker", "comment", "outcome")}),
        ("时间", {"fields": ("created_at", "expires_at", "decided_at")}),
    )
    readonly_fields = (
        "shown_kind",
        "shown_state",
        "shown_facts",
        "shown_maker",
        "shown_right",
        "shown_checker",
    )
    actions_detail = ("agree", "refuse", "take_back")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        names = get_user_model()._default_manager.values("nickname")
        return (
            super()
            .get_queryset(request)
            .annotate(
                maker_name=Subquery(names.filter(pk=OuterRef("maker_id"))),
                checker_name=Subquery(names.filter(pk=OuterRef("checker_id"))),
            )
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        proposal: Any = super().get_object(request, object_id, from_field)
        if proposal is not None:
            proposal.objection = objection_to(proposal=proposal, checker=request.user)
        return proposal

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        proposal = Proposal.objects.filter(pk=object_id or 0).first()
        return proposal is not None and objection_to(proposal=proposal, checker=request.user) is None

    def has_withdraw_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return Proposal.objects.filter(
            pk=object_id or 0, maker_id=staff_id(request), state=ProposalState.OPEN
        ).exists()

    @row_act(
        "批准并执行",
        permissions=["view", "decide"],
        title="批准这个申请",
        explains="批准后立即执行，不能撤销。意见会记入审计日志。",
    )
    def agree(self, request: HttpRequest, form: ReasonForm, object_id: str) -> str:
        decided = approve(
            proposal_id=int(object_id), checker_id=staff_id(request), comment=form.cleaned_data["reason"]
        )
        return f"已批准并执行。{decided.outcome}"

    @row_act(
        "驳回",
        permissions=["view", "decide"],
        done="已驳回",
        title="驳回这个申请",
        explains="什么都不会执行。意见会给申请人看，并记入审计日志。",
    )
    def refuse(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        reject(proposal_id=int(object_id), checker_id=staff_id(request), comment=form.cleaned_data["reason"])

    @row_act(
        "撤回",
        permissions=["view", "withdraw"],
        done="已撤回",
        title="撤回自己的申请",
        form=BaseDialogForm,
    )
    def take_back(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> None:
        withdraw(proposal_id=int(object_id), maker_id=staff_id(request))

    @admin.display(description="类型", ordering="kind")
    def shown_kind(self, proposal: Proposal) -> str:
        return title_of(proposal.kind)

    @admin.display(description="内容")
    def summary(self, proposal: Proposal) -> str:
        return "；".join(f"{label} {words}" for label, words in _in_words(proposal))

    @admin.display(description="内容")
    def shown_facts(self, proposal: Proposal) -> str:
        return show_table(["项目", "内容"], _in_words(proposal))

    @admin.display(description="状态", ordering="state")
    def shown_state(self, proposal: Proposal) -> Any:
        return show_label(proposal.get_state_display(), STATE_COLOURS.get(proposal.state))

    @admin.display(description="申请人", ordering="maker_id")
    def shown_maker(self, proposal: Any) -> str:
        return proposal.maker_name or "—"

    @admin.display(description="审批人")
    def shown_checker(self, proposal: Any) -> str:
        return proposal.checker_name or "—"

    @admin.display(description="您能否审批")
    def shown_right(self, proposal: Any) -> str:
        objection = proposal.objection
        return str(objection.message) if objection else "可以，请在右上角批准或驳回"


def _in_words(proposal: Proposal) -> list[tuple[str, str]]:
    """Each fact and its value, or what it is now and what it will be."""
    shown = shown_facts_of(proposal.kind, proposal.facts).items()
    return [
        (label, f"{value[0]} → {value[1]}" if isinstance(value, tuple) else str(value))
        for label, value in shown
    ]
