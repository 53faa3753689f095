"""ScanReport: one run of a scanner. Finding: one thing it found, for as long as it finds it."""

from django.db import models
from django.db.models import Q

from wallet_project.compliance.models.base import Evidence, staff_member
from wallet_project.compliance.rules.scans import Severity, Tool
from wallet_project.kit.privacy import Privacy


class ScanReport(models.Model):
    app_role_may = ("SELECT", "INSERT")

    tool = models.CharField("工具", max_length=16, choices=Tool)
    source = models.CharField("来源", max_length=32, help_text="通用格式里是报告自己写的工具名")
    file_name = models.CharField("文件名", max_length=128)
    digest = models.BinaryField("SHA-256", max_length=32)
    imported_at = models.DateTimeField("导入时间")
    imported_by = staff_member("导入人", null=True)
    seen = models.PositiveIntegerField("问题数")
    new = models.PositiveIntegerField("新发现")
    fixed = models.PositiveIntegerField("已修复")

    privacy = Privacy(c1="tool source file_name digest imported_at imported_by seen new fixed")

    class Meta:
        verbose_name = verbose_name_plural = "扫描报告"
        indexes = [models.Index(fields=["source", "-imported_at"], name="reports_of_a_tool")]

    def __str__(self) -> str:
        return f"{self.source} · {self.imported_at:%Y-%m-%d %H:%M}"


class FindingState(models.TextChoices):
    OPEN = "OPEN", "待处理"
    ACCEPTED = "ACCEPTED", "已接受"
    FIXED = "FIXED", "已修复"


class Finding(Evidence):
    """
    OPEN → ACCEPTED          somebody says why, and until when
    ACCEPTED → OPEN          that day has come, or it was found in more places than were accepted
    OPEN, ACCEPTED → FIXED   the tool's latest report has it no more
    FIXED → OPEN             it came back
    """

    source = models.CharField("工具", max_length=32)
    identifier = models.CharField("编号", max_length=64)
    place = models.CharField("依赖或文件", max_length=200)
    title = models.CharField("说明", max_length=300)
    severity = models.CharField("等级", max_length=8, choices=Severity)
    count = models.PositiveIntegerField("处数", default=1)
    detail = models.CharField("位置或版本", max_length=200, blank=True)
    fixed_version = models.CharField("修复版本", max_length=64, blank=True)
    first_seen_at = models.DateTimeField("首次发现")
    last_seen_at = models.DateTimeField("最近发现")
    state = models.CharField("状态", max_length=12, choices=FindingState, default=FindingState.OPEN)
    accepted_reason = models.CharField("接受原因", max_length=200, blank=True)
    accepted_until = models.DateField("接受到", null=True)
    accepted_by = staff_member("接受人", null=True)

    privacy = Privacy(
        c1=(
            "source identifier place title severity count detail fixed_version first_seen_at "
            "last_seen_at state accepted_reason accepted_until accepted_by"
        )
    )

    class Meta:
        verbose_name = verbose_name_plural = "扫描问题"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "identifier", "place"],
                name="a_finding_is_one_row_however_often_seen",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(accepted_reason=""),
                    state=FindingState.ACCEPTED,
                    accepted_until__isnull=False,
                    accepted_by__isnull=False,
                )
                | Q(
                    ~Q(state=FindingState.ACCEPTED),
                    accepted_reason="",
                    accepted_until=None,
                    accepted_by=None,
                ),
                name="an_accepted_finding_says_why_until_when_and_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["state", "severity"], name="findings_by_state")]

    def __str__(self) -> str:
        return f"{self.identifier} · {self.place}"
