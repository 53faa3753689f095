"""What makes people grow, which tiers there are, and where everybody stands."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from coupons.admin.fields import CouponField, FeeTierField, PercentField
from coupons.models import GrowthRule, Membership, MembershipTier
from coupons.rules.membership import ORDINARY
from coupons.selectors.membership import changes_of, growth_of, tiers_in_force
from coupons.services.membership import propose_tier
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, ReasonForm, link_to, row_act, show_table, staff_id

_SHOWN = 50


@admin.register(GrowthRule)
class GrowthRuleAdmin(AgreedAdmin):
    fields = ("event", "value", "shown_state", "shown_terms")
    list_display = ("event", "value", "live_at", "shown_state")
    list_filter = ("state", "event")


class MembershipTierForm(forms.ModelForm):
    points_rate = PercentField(
        label="积分倍率（%）", initial=ORDINARY, help_text="100 为 1 倍，150 为 1.5 倍"
    )
    limit_uplift = PercentField(label="限额提升（%）", initial=0)
    fee_tier = FeeTierField()
    template = CouponField(label="每月专享券")

    class Meta:
        model = MembershipTier
        fields = (
            "code",
            "name",
            "name_en",
            "threshold",
            "protected_months",
            "grace_days",
            "points_rate",
            "fee_tier",
            "limit_uplift",
            "template",
            "support_priority",
        )


@admin.register(MembershipTier)
class MembershipTierAdmin(AgreedAdmin):
    form = MembershipTierForm
    list_display = ("name", "code", "threshold", "live_at", "shown_state")
    ordering = ("threshold", "-id")

    def has_end_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """The lowest is for everybody who has no other."""
        return super().has_end_permission(request, object_id) and (
            object_id is None or self.model.objects.filter(pk=object_id).exclude(code=_lowest()).exists()
        )

    def foreseen(self, row: MembershipTier) -> dict[str, str]:
        reached = Membership.objects.filter(value__gte=row.threshold).count()
        members = Membership.objects.filter(tier=row.code).count()
        return {"按现有成长值达标": f"{reached:,} 人", "现有会员": f"{members:,} 人"}


class TierForm(ReasonForm):
    tier = forms.ChoiceField(label="会员等级", widget=UnfoldAdminSelectWidget)
    months = forms.IntegerField(
        label="保级月数", min_value=0, max_value=24, initial=1, widget=UnfoldAdminIntegerFieldWidget
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["tier"].choices = list(tiers_in_force().values_list("code", "name"))


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("shown_user", "shown_tier", "value", "protected_until", "grace_until")
    list_select_related = ("user",)
    search_fields = ("=user__uid",)
    search_help_text = "用户号"
    ordering = ("-user",)
    paginator = InfinitePaginator
    fields = (
        "shown_user",
        "shown_tier",
        "value",
        "protected_until",
        "grace_until",
        "shown_log",
        "shown_growth",
    )
    readonly_fields = ("shown_user", "shown_tier", "shown_log", "shown_growth")
    actions_detail = ("change_tier",)

    def has_change_tier_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("coupons.change_tier")

    @row_act(
        "调整等级",
        permissions=["change_tier"],
        form=TierForm,
        done="已提交审批",
        explains="须由另一位同事审批；保级期满后仍按成长值评定。",
        submit="提交审批",
    )
    def change_tier(self, request: HttpRequest, form: TierForm, object_id: str) -> None:
        propose_tier(user_id=int(object_id), maker_id=staff_id(request), **form.cleaned_data)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        name = tiers_in_force().filter(code=OuterRef("tier")).values("name")[:1]
        return super().get_queryset(request).annotate(tier_name=Subquery(name))

    @admin.display(description="顾客", ordering="user")
    def shown_user(self, membership: Membership) -> Any:
        return link_to(membership.user)

    @admin.display(description="会员等级", ordering="tier")
    def shown_tier(self, membership: Any) -> str:
        return membership.tier_name or membership.tier

    @admin.display(description="等级变动")
    def shown_log(self, membership: Membership) -> str:
        names = _names()
        rows = [
            [
                clock.in_words(change.at),
                names.get(change.before, change.before),
                names.get(change.after, change.after),
                change.get_cause_display(),
                change.value,
                change.reason or "—",
            ]
            for change in changes_of(membership.pk).order_by("-pk")[:_SHOWN]
        ]
        return show_table(["时间", "原等级", "新等级", "原因", "成长值", "说明"], rows)

    @admin.display(description="成长值明细")
    def shown_growth(self, membership: Membership) -> str:
        rows = [
            [clock.in_words(entry.at), entry.get_event_display(), f"{entry.value:+}", entry.title]
            for entry in growth_of(membership.pk).order_by("-pk")[:_SHOWN]
        ]
        return show_table(["时间", "场景", "成长值", "说明"], rows)


def _names() -> dict[str, str]:
    return dict(tiers_in_force().values_list("code", "name"))


def _lowest() -> str:
    return tiers_in_force().values_list("code", flat=True)[0]
