"""Targets: what is to be reached by when, whose it is, how it stands and what it is likely to come to."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget

from wallet_project.analytics.models import Target
from wallet_project.analytics.rules.metrics import Metric, Ratio, Unit
from wallet_project.analytics.rules.targets import Health, TargetPeriod, period_with
from wallet_project.analytics.rules.values import NOTHING, percent
from wallet_project.analytics.selectors.boards import asked_of, unit_of, words_of
from wallet_project.analytics.selectors.metrics.catalogue import METRICS, RATIOS
from wallet_project.analytics.selectors.targets import Standing, standings
from wallet_project.kit import clock
from wallet_project.kit.admin import WalletAdmin, show_label

HEALTH_COLOURS = {
    Health.ON_TRACK: "success",
    Health.REACHED: "success",
    Health.CLOSE: "warning",
    Health.BEHIND: "danger",
    Health.MISSED: "danger",
}
# What is typed for one of what is kept: yuan, percent, minutes.
_TYPED: dict[Unit | None, Decimal] = {
    Unit.FEN: Decimal(100),
    Unit.SECONDS: Decimal(60),
    None: Decimal("0.01"),
}


class TargetForm(forms.ModelForm):
    """The goal is typed as people say it, and kept in the number's unit."""

    code = forms.ChoiceField(label="指标", widget=UnfoldAdminSelectWidget)
    goal = forms.DecimalField(
        label="目标值",
        max_digits=14,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text="金额填元，比率填百分数（例如 97.5），时长填分钟，其他填数量。周活、日活等按日均计算",
    )

    class Meta:
        model = Target
        fields = ("code", "period", "first", "aim", "goal", "owner", "note")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        code: Any = self.fields.get("code")
        if code:
            numbers: list[Metric | Ratio] = [*METRICS.values(), *RATIOS.values()]
            code.choices = [(each.code, f"{each.topic.label} · {each.name}") for each in numbers]
        if self.instance.pk:
            self.initial["goal"] = (self.instance.goal / _typed(self.instance.code)).quantize(Decimal("0.01"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if {"code", "goal", "period", "first"} <= said.keys():
            said["goal"] *= _typed(said["code"])
            said["first"] = period_with(TargetPeriod(said["period"]), said["first"]).first
            same = Target.objects.filter(code=said["code"], period=said["period"], first=said["first"])
            if same.exclude(pk=self.instance.pk).exists():
                raise ValidationError("这个指标在该周期已有目标")
        return said


class UnderWayFilter(admin.SimpleListFilter):
    title, parameter_name = "进展", "now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "进行中"), ("no", "已结束")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        begun = queryset.filter(first__lte=_today())
        current = [each.pk for each in begun if each.days.last >= _today()]
        return begun.filter(pk__in=current) if self.value() == "yes" else begun.exclude(pk__in=current)


@admin.register(Target)
class TargetAdmin(WalletAdmin):
    form = TargetForm
    list_display = (
        "shown_name",
        "shown_period",
        "shown_goal",
        "shown_so_far",
        "shown_progress",
        "shown_forecast",
        "shown_health",
        "owner",
    )
    list_filter = (UnderWayFilter, "period")
    list_select_related = ("owner",)
    ordering = ("-first", "code")
    fieldsets = ((None, {"fields": ("code", "period", "first", "aim", "goal", "owner", "note")}),)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        found = {each.target.pk: each for each in standings(changelist.result_list, today=_today())}
        for row in changelist.result_list:
            row.standing = found.get(row.pk)
        return changelist

    @admin.display(description="指标", ordering="code")
    def shown_name(self, target: Any) -> str:
        return asked_of(target.code).name if target.standing else target.code

    @admin.display(description="周期", ordering="first")
    def shown_period(self, target: Target) -> str:
        return target.period_in_words

    @admin.display(description="目标")
    def shown_goal(self, target: Any) -> str:
        return goal_in_words(target) if target.standing else NOTHING

    @admin.display(description="目前")
    def shown_so_far(self, target: Any) -> str:
        return words_of(target.code, target.standing.so_far) if target.standing else NOTHING

    @admin.display(description="完成（时间进度）")
    def shown_progress(self, target: Any) -> str:
        return progress_in_words(target.standing) if target.standing else NOTHING

    @admin.display(description="预计期末")
    def shown_forecast(self, target: Any) -> str:
        return words_of(target.code, target.standing.forecast) if target.standing else NOTHING

    @admin.display(description="状态")
    def shown_health(self, target: Any) -> Any:
        return show_health(target.standing) if target.standing else NOTHING


def goal_in_words(target: Target) -> str:
    return f"{target.get_aim_display()} {words_of(target.code, target.wanted)}"


def progress_in_words(standing: Standing) -> str:
    done = f"{percent(standing.progress):.0f}%" if standing.progress is not None else NOTHING
    return f"{done}（{percent(standing.time_passed):.0f}%）"


def show_health(standing: Standing) -> Any:
    return show_label(str(standing.health.label), HEALTH_COLOURS.get(standing.health))


def _typed(code: str) -> Decimal:
    return _TYPED.get(unit_of(code), Decimal(1))


def _today() -> date:
    return clock.business_day(clock.now())
