"""What the clock starts: is each in time, how did it go, start one now."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from wallet_project.kit import clock, schedule
from wallet_project.kit.admin.acts import row_act
from wallet_project.kit.admin.bases import ReadOnlyAdmin, ReasonForm, show_label, show_table
from wallet_project.kit.models import JobRun, RunOutcome, ScheduledJob

_COLOURS = {"RUNNING": "info", "DONE": "success", "FAILED": "danger"}
_RUNS_SHOWN = 50


@admin.register(ScheduledJob)
class ScheduledJobAdmin(ReadOnlyAdmin):
    """Those that should have begun long ago come first."""

    list_per_page = 200
    list_display = (
        "__str__",
        "shown_punctuality",
        "shown_outcome",
        "begun_at",
        "shown_waited",
        "shown_took",
        "due_at",
        "failures",
    )
    list_filter = ("outcome",)
    ordering = ("due_at",)
    fields = (
        "shown_punctuality",
        "shown_outcome",
        "begun_at",
        "shown_waited",
        "shown_took",
        "good_at",
        "due_at",
        "failures",
        "error",
        "shown_runs",
    )
    readonly_fields = ("shown_punctuality", "shown_outcome", "shown_waited", "shown_took", "shown_runs")
    actions_detail = ("run",)

    def has_run_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("kit.run_scheduledjob")

    @row_act(
        "立即执行",
        permissions=["run"],
        done="已交给后台执行，刷新本页可看结果",
        explains="在计划之外多执行一次；任务重复执行不会重复记账或重复发送。原因会记入审计日志。",
    )
    def run(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        schedule.run_now(object_id)
        self.log_change(
            request, ScheduledJob.objects.get(pk=object_id), f"立即执行：{form.cleaned_data['reason']}"
        )

    @admin.display(description="准时")
    def shown_punctuality(self, job: ScheduledJob) -> Any:
        late = schedule.late_since(job, clock.now())
        return (
            show_label(f"逾期，应于 {clock.in_words(late)}", "danger")
            if late
            else show_label("准时", "success")
        )

    @admin.display(description="上次结果", ordering="outcome")
    def shown_outcome(self, job: ScheduledJob | JobRun) -> Any:
        return show_label(job.get_outcome_display() or "尚未执行", _COLOURS.get(job.outcome))

    @admin.display(description="上次延迟", ordering="waited")
    def shown_waited(self, job: ScheduledJob) -> str:
        return _seconds(job.waited)

    @admin.display(description="上次耗时", ordering="took")
    def shown_took(self, job: ScheduledJob) -> str:
        return "—" if job.outcome == RunOutcome.RUNNING else _seconds(job.took)

    @admin.display(description="执行记录")
    def shown_runs(self, job: ScheduledJob) -> str:
        """What runs more often than every five minutes leaves a line only when it fails."""
        return show_table(
            ["开始", "结果", "延迟", "耗时", "错误"],
            [
                [
                    clock.in_words(run.begun_at),
                    self.shown_outcome(run),
                    _seconds(run.waited),
                    _seconds(run.took),
                    run.error,
                ]
                for run in job.runs.order_by("-id")[:_RUNS_SHOWN]
            ],
        )


def _seconds(span: timedelta | None) -> str:
    return "—" if span is None else f"{span.total_seconds():.1f} 秒"
