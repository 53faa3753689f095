"""Experiments: who is held out, who sees what, and what difference it made."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from coupons.admin.fields import PercentField
from coupons.models import Experiment, ExperimentState
from coupons.rules.experiments import SMALLEST_SAMPLE, Arm, Difference
from coupons.selectors.experiments import Measured, report_of
from coupons.services.experiments import end_experiment, start_experiment
from wallet_project.kit import clock
from wallet_project.kit.admin import ReasonForm, WalletAdmin, row_act, show_label, show_table
from wallet_project.kit.money import yuan

_ARMS = {Arm.HOLDOUT: "对照组", Arm.A: "方案 A", Arm.B: "方案 B"}
_COLOURS = {ExperimentState.DRAFT: "info", ExperimentState.RUNNING: "success"}


class ExperimentForm(forms.ModelForm):
    holdout = PercentField(label="对照组（%）", initial=1_000, help_text="5 至 20；对照组不参加活动")
    b = PercentField(label="方案 B 占其余的（%）", initial=0, help_text="0 为只有方案 A；50 为两个方案各一半")

    class Meta:
        model = Experiment
        fields = ("key", "name", "segment", "holdout", "b", "window_days")
        help_texts = {
            "key": "英文字母、数字和连字符；决定分组，生效后不能改",
            "segment": "不填时，遇到活动的顾客进入实验",
            "window_days": "进入实验后多少天内的消费算作结果，1 至 90",
        }


@admin.register(Experiment)
class ExperimentAdmin(WalletAdmin):
    form = ExperimentForm
    list_display = ("name", "key", "segment", "shown_holdout", "shown_state", "started_at", "ended_at")
    list_filter = ("state",)
    list_select_related = ("segment",)
    ordering = ("-id",)
    readonly_fields = ("shown_state", "started_at", "ended_at", "shown_report", "shown_split")
    actions_detail = ("start", "end")

    def has_change_permission(self, request: HttpRequest, obj: Experiment | None = None) -> bool:
        is_draft = obj is None or obj.state == ExperimentState.DRAFT
        return super().has_change_permission(request, obj) and is_draft

    def has_delete_permission(self, request: HttpRequest, obj: Experiment | None = None) -> bool:
        return False

    def has_start_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may(request, object_id, ExperimentState.DRAFT)

    def has_end_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._may(request, object_id, ExperimentState.RUNNING)

    @row_act("开始", permissions=["start"], done="实验已开始", explains="开始后分组方式不能再改。")
    def start(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        start_experiment(experiment_id=int(object_id), reason=form.cleaned_data["reason"])

    @row_act(
        "结束", permissions=["end"], done="实验已结束", explains="不再有人进入实验；已进入的观察到期满。"
    )
    def end(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        end_experiment(experiment_id=int(object_id), reason=form.cleaned_data["reason"])

    @admin.display(description="状态", ordering="state")
    def shown_state(self, experiment: Experiment) -> Any:
        return show_label(experiment.get_state_display(), _COLOURS.get(ExperimentState(experiment.state)))

    @admin.display(description="对照组", ordering="holdout")
    def shown_holdout(self, experiment: Experiment) -> str:
        return f"{experiment.holdout / 100:g}%"

    @admin.display(description="结果（每人，95% 置信区间）")
    def shown_report(self, experiment: Experiment) -> str:
        if experiment.started_at is None:
            return "—"
        report = report_of(experiment, at=clock.now())
        rows = [_row(measured) for measured in report.arms]
        return show_table(
            ["分组", "人数", "消费次数", "比对照组多", "自有资金（元）", "比对照组多（元）", "提升"], rows
        )

    @admin.display(description="分组检查")
    def shown_split(self, experiment: Experiment) -> Any:
        if experiment.started_at is None:
            return "—"
        report = report_of(experiment, at=clock.now())
        if report.is_split_wrong:
            return show_label("各组人数与设定不符，结果不可信，请检查", "danger")
        return f"各组人数正常；{report.waiting:,} 人还在观察期内，不计入结果"

    def _may(self, request: HttpRequest, object_id: str | None, state: ExperimentState) -> bool:
        may = request.user.has_perm("coupons.change_experiment")
        return may and (object_id is None or Experiment.objects.filter(pk=object_id, state=state).exists())


def _row(measured: Measured) -> list[str]:
    row = [_ARMS[measured.arm], f"{measured.own.people:,}", f"{measured.purchases.mean:.3f}"]
    own = yuan(round(measured.own.mean))
    if measured.arm == Arm.HOLDOUT:
        return [*row, "—", own, "—", "—"]
    if measured.more_purchases is None or measured.more_own is None:
        return [*row, f"每组不足 {SMALLEST_SAMPLE} 人，不能判断", own, "—", "—"]
    more, lift = measured.more_own, measured.lift_of_own
    return [
        *row,
        _words(measured.more_purchases, "{:+.3f}"),
        own,
        _words(Difference(by=more.by / 100, low=more.low / 100, high=more.high / 100), "{:+,.2f}"),
        _words(lift, "{:+.1%}") if lift else "—",
    ]


def _words(found: Difference, pattern: str) -> str:
    by, low, high = (pattern.format(each) for each in (found.by, found.low, found.high))
    return f"{by}（{low} 至 {high}）{'' if found.is_sure else '，差异不显著'}"
