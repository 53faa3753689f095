"""Earn rules: written by one, tried on yesterday, put in force by two."""

from typing import Any

from django import forms
from django.contrib import admin

from coupons.admin.fields import PlacesField, TierField, WeekdaysField
from coupons.models import PointRule
from coupons.rules.point_rules import EarnEvent
from coupons.selectors.point_rules import dry_run
from coupons.selectors.points import given_by
from wallet_project.approvals.agreed_pages import AgreedAdmin
from wallet_project.kit import clock
from wallet_project.kit.admin import YuanField


class PointRuleForm(forms.ModelForm):
    least = YuanField(label="满多少元", initial=0, help_text="单位：元；0 为不限，用于消费和首次充值")
    places = PlacesField()
    tier = TierField()
    weekdays = WeekdaysField()

    class Meta:
        model = PointRule
        fields = (
            "name",
            "event",
            "rate",
            "points",
            "every_days",
            "kind",
            "places",
            "tier",
            "weekdays",
            "hour_from",
            "hour_until",
            "least",
            "most",
            "most_a_day",
            "starts_at",
            "ends_at",
        )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        is_purchase = given.get("event") == EarnEvent.PURCHASE
        if is_purchase and not (given.get("rate") and not given.get("points")):
            self.add_error("rate", "消费规则要填写每消费 100 元得多少积分，“每次得积分”填 0")
        if not is_purchase and not (given.get("points") and not given.get("rate")):
            self.add_error("points", "请填写每次得多少积分，“每消费 100 元得积分”填 0")
        if given.get("hour_until", 24) <= given.get("hour_from", 0):
            self.add_error("hour_until", "要晚于“从几点”")
        begins, ends = given.get("starts_at"), given.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", "结束时间要晚于开始时间")
        return given


@admin.register(PointRule)
class PointRuleAdmin(AgreedAdmin):
    form = PointRuleForm
    list_display = ("name", "event", "shown_words", "starts_at", "ends_at", "shown_state")
    list_filter = ("state", "event")
    readonly_fields = ("shown_state", "shown_terms", "shown_given")

    def foreseen(self, row: PointRule) -> dict[str, str]:
        if row.event != EarnEvent.PURCHASE:
            return {}
        return {"按昨天的消费试算": dry_run(row.earn_terms, before=clock.now()).in_words}

    @admin.display(description="规则")
    def shown_words(self, rule: PointRule) -> str:
        return rule.words

    @admin.display(description="已发放")
    def shown_given(self, rule: PointRule) -> str:
        return f"{given_by(rule.pk):,} 积分" if rule.pk else "—"
