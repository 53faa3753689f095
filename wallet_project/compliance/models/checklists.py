"""Checklist: what is looked at again and again. ChecklistRun: one time that it was, with evidence."""

from django.db import models
from django.db.models import F, Q

from wallet_project.compliance.models.base import Evidence, staff_member
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import Privacy


class Checklist(Timestamped):
    title = models.CharField("名称", max_length=64, unique=True)
    basis = models.CharField("依据", max_length=200)
    cycle_months = models.PositiveSmallIntegerField("周期（月）", default=12)
    days_to_do = models.PositiveSmallIntegerField("完成期限（天）", default=30)
    next_on = models.DateField("下次开始")
    owner = staff_member("负责人", null=True, blank=True)
    is_active = models.BooleanField("启用", default=True)

    privacy = Privacy(c1="title basis cycle_months days_to_do next_on owner is_active")

    class Meta:
        verbose_name = verbose_name_plural = "检查清单"
        constraints = [
            models.CheckConstraint(
                condition=Q(cycle_months__gte=1, cycle_months__lte=36),
                name="a_checklist_comes_round_within_three_years",
                violation_error_message="周期须为 1–36 个月",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ChecklistItem(models.Model):
    checklist = models.ForeignKey(
        Checklist, on_delete=models.CASCADE, related_name="items", verbose_name="检查清单"
    )
    position = models.PositiveSmallIntegerField("序号")
    text = models.CharField("检查内容", max_length=200)
    evidence_hint = models.CharField("应留证据", max_length=200, blank=True)

    privacy = Privacy(c1="checklist position text evidence_hint")

    class Meta:
        verbose_name = verbose_name_plural = "检查项"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "position"], name="an_item_has_its_own_place"),
        ]

    def __str__(self) -> str:
        return self.text


class RunState(models.TextChoices):
    OPEN = "OPEN", "进行中"
    SUBMITTED = "SUBMITTED", "待签核"
    SIGNED = "SIGNED", "已签核"


class ChecklistRun(Evidence):
    """
    OPEN → SUBMITTED         every item has a result and its evidence
    SUBMITTED → SIGNED       by somebody who neither owned nor submitted it
    SUBMITTED → OPEN         sent back, `remark` says why
    """

    checklist = models.ForeignKey(
        Checklist, on_delete=models.PROTECT, related_name="runs", verbose_name="检查清单"
    )
    opened_on = models.DateField("开始日期")
    due_on = models.DateField("截止日期")
    owner = staff_member("负责人", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=RunState, default=RunState.OPEN)
    submitted_by = staff_member("提交人", null=True, editable=False)
    submitted_at = models.DateTimeField("提交时间", null=True, editable=False)
    signed_by = staff_member("签核人", null=True, editable=False)
    signed_at = models.DateTimeField("签核时间", null=True, editable=False)
    remark = models.CharField("签核意见", max_length=200, blank=True)

    privacy = Privacy(
        c1=("checklist opened_on due_on owner state submitted_by submitted_at signed_by signed_at remark")
    )

    class Meta:
        verbose_name = verbose_name_plural = "检查记录"
        permissions = [("sign_checklistrun", "签核检查记录")]
        constraints = [
            models.UniqueConstraint(
                fields=["checklist", "opened_on"], name="a_checklist_is_opened_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(state=RunState.SIGNED, signed_by__isnull=False, signed_at__isnull=False)
                | (~Q(state=RunState.SIGNED) & Q(signed_by=None, signed_at=None)),
                name="a_signed_run_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state=RunState.OPEN) | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="a_submitted_run_says_by_whom_and_when",
            ),
            # A missing owner compares to nothing, and a check that is neither true nor false holds.
            models.CheckConstraint(
                condition=~Q(signed_by=F("submitted_by")), name="nobody_signs_what_they_submitted"
            ),
            models.CheckConstraint(condition=~Q(signed_by=F("owner")), name="nobody_signs_what_they_own"),
        ]

    def __str__(self) -> str:
        return f"{self.checklist} · {self.opened_on:%Y-%m-%d}"


class Result(models.TextChoices):
    PENDING = "PENDING", "未检查"
    PASSED = "PASSED", "符合"
    FAILED = "FAILED", "不符合"
    NOT_APPLICABLE = "NOT_APPLICABLE", "不适用"


class RunItem(Evidence):
    """One item as it read when the run began, and what was found."""

    run = models.ForeignKey(
        ChecklistRun, on_delete=models.PROTECT, related_name="items", verbose_name="检查记录"
    )
    position = models.PositiveSmallIntegerField("序号", editable=False)
    text = models.CharField("检查内容", max_length=200, editable=False)
    evidence_hint = models.CharField("应留证据", max_length=200, blank=True, editable=False)
    result = models.CharField("结果", max_length=16, choices=Result, default=Result.PENDING)
    evidence = models.TextField("证据与说明", max_length=2000, blank=True)
    reference = models.CharField("存档位置", max_length=200, blank=True)

    privacy = Privacy(c1="run position text evidence_hint result evidence reference")

    class Meta:
        verbose_name = verbose_name_plural = "检查结果"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="a_run_has_an_item_once"),
        ]

    def __str__(self) -> str:
        return self.text
