"""What is promised about time: every version, and the page on which the next one is handed in."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldBooleanSwitchWidget,
)

from coupons.selectors.membership import tiers_in_force
from feedback.admin.proposing import ProposalForm, hand_in
from feedback.models import BusinessCalendar, SlaPolicy
from feedback.rules.sla import SlaTerms, minutes_in_words
from feedback.rules.tickets import Priority, TicketKind
from feedback.services.sla_policies import propose_policy
from wallet_project.approvals.version_pages import StandingFilter, VersionAdmin
from wallet_project.kit.admin import show_label, staff_id

_ANY = [("", "不限")]
_COUNTED = ("first_reply", "next_reply", "solve", "warn_percent", "manager_percent")
_BEGINNING = ("kind", "priority", "tier", "calendar", *_COUNTED, "pauses", "in_use")


def _number(label: str, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, help_text=help_text, widget=UnfoldAdminIntegerFieldWidget
    )


class SlaPolicyForm(ProposalForm):
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[*_ANY, *TicketKind.choices], widget=UnfoldAdminSelectWidget
    )
    priority = forms.TypedChoiceField(
        label="优先级",
        required=False,
        choices=[*_ANY, *Priority.choices],
        coerce=int,
        empty_value=None,
        widget=UnfoldAdminSelectWidget,
    )
    tier = forms.ChoiceField(label="会员等级", required=False, widget=UnfoldAdminSelectWidget)
    calendar = forms.ModelChoiceField(
        label="日历",
        queryset=BusinessCalendar.objects.order_by("id"),
        to_field_name="code",
        empty_label=None,
        widget=UnfoldAdminSelectWidget,
    )
    first_reply = _number("首次回复（分钟）", "按所选日历的上班时间计算，下同")
    next_reply = _number("后续回复（分钟）")
    solve = _number("解决（分钟）")
    warn_percent = _number("用去百分之几时提醒受理人")
    manager_percent = _number("用去百分之几时升级至经理", "超时（100%）时升级至主管")
    pauses = forms.BooleanField(
        label="等待顾客时暂停解决时限", required=False, widget=UnfoldBooleanSwitchWidget
    )
    in_use = forms.BooleanField(
        label="适用",
        required=False,
        help_text="不适用时，这些工单改按更宽的政策",
        widget=UnfoldBooleanSwitchWidget,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tier"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            *_ANY,
            *((tier.code, tier.name) for tier in tiers_in_force()),
        ]


@admin.register(SlaPolicy)
class SlaPolicyAdmin(VersionAdmin):
    """Of those that fit a ticket, the one that says most about it counts."""

    versions_of = ("kind", "priority", "tier")
    list_display = (
        "shown_for",
        "shown_standing",
        "shown_first",
        "shown_next",
        "shown_solve",
        "shown_ladder",
        "calendar",
        "shown_use",
    )
    list_filter = (StandingFilter, "kind", "priority", "calendar")
    list_select_related = ("calendar",)
    ordering = ("kind", "priority", "tier", "-effective_from", "-id")
    fields = (*list_display, "pauses", "effective_from", "shown_end", "shown_maker", "shown_checker")
    readonly_fields = fields
    actions_list = ("propose",)
    actions_detail = ("propose_next",)

    def has_propose_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("feedback.add_slapolicy")

    @action(description="申请调整政策", url_path="propose", icon="edit_note", permissions=["propose"])
    def propose(self, request: HttpRequest) -> HttpResponse:
        """Hand in the next version of one cell; it begins like the row that is named, if any."""
        named = request.GET.get("like", "")
        like = SlaPolicy.objects.filter(pk=named if named.isdecimal() else 0).select_related("calendar")
        row = like.first() or SlaPolicy()
        begins = {name: getattr(row, name) for name in _BEGINNING if name != "calendar"}
        if row.pk:
            begins["calendar"] = row.calendar.code

        def ask(given: dict[str, Any]) -> None:
            propose_policy(
                kind=given["kind"],
                priority=given["priority"],
                tier=given["tier"],
                terms=SlaTerms(
                    calendar=given["calendar"].code,
                    pauses=given["pauses"],
                    in_use=given["in_use"],
                    **{name: given[name] for name in _COUNTED},
                ),
                reason=given["reason"],
                maker_id=staff_id(request),
            )

        return hand_in(
            request,
            self,
            form=SlaPolicyForm(request.POST or None, initial=begins),
            title="申请调整时限政策",
            explains="由另一位有审批权限的同事批准后生效，未完结的工单也按此重新计时；已经超时的仍算超时。",
            propose=ask,
        )

    @action(description="申请调整", url_path="propose-next", permissions=["propose"])
    def propose_next(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return redirect(f"{reverse('admin:feedback_slapolicy_propose')}?{urlencode({'like': object_id})}")

    @admin.display(description="适用工单", ordering="kind")
    def shown_for(self, policy: SlaPolicy) -> str:
        return str(policy)

    @admin.display(description="首次回复", ordering="first_reply")
    def shown_first(self, policy: SlaPolicy) -> str:
        return minutes_in_words(policy.first_reply)

    @admin.display(description="后续回复", ordering="next_reply")
    def shown_next(self, policy: SlaPolicy) -> str:
        return minutes_in_words(policy.next_reply)

    @admin.display(description="解决", ordering="solve")
    def shown_solve(self, policy: SlaPolicy) -> str:
        return minutes_in_words(policy.solve)

    @admin.display(description="提醒与升级")
    def shown_ladder(self, policy: SlaPolicy) -> str:
        return f"{policy.warn_percent}% 提醒，100% 主管，{policy.manager_percent}% 经理"

    @admin.display(description="适用", ordering="in_use")
    def shown_use(self, policy: SlaPolicy) -> Any:
        return show_label("适用", "success") if policy.in_use else show_label("停用")
