"""DataExport: everything we hold about a person, asked for once, built by a worker, kept for a week."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rules.exports import RUNNING, ExportState
from wallet_project.kit.privacy import Privacy


class DataExport(models.Model):
    """The request and what became of it; the archive itself are its parts, which go at `expires_at`."""

    class State(models.TextChoices):
        REQUESTED = ExportState.REQUESTED, _("排队中")
        BUILDING = ExportState.BUILDING, _("整理中")
        READY = ExportState.READY, _("可下载")
        FAILED = ExportState.FAILED, _("未能完成，请重新申请")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="用户"
    )
    number = models.CharField("导出单号", max_length=32, unique=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField("申请时间")
    tries = models.PositiveSmallIntegerField("整理次数", default=0)
    progress = models.PositiveSmallIntegerField("进度（%）", default=0)
    ready_at = models.DateTimeField("完成时间", null=True)
    expires_at = models.DateTimeField("下载截止", null=True)
    size = models.PositiveIntegerField("大小（字节）", default=0)
    downloads = models.PositiveIntegerField("下载次数", default=0)
    downloaded_at = models.DateTimeField("最近下载", null=True)

    privacy = Privacy(
        c1="user number state requested_at tries progress ready_at expires_at size downloads downloaded_at"
    )

    class Meta:
        verbose_name = verbose_name_plural = "个人信息导出"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=RUNNING), name="a_user_has_one_export_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="READY")
                | Q(ready_at__isnull=False, expires_at__isnull=False, progress=100),
                name="a_ready_export_says_until_when",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="an_export_is_done_at_a_hundred"),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="export_of_user")]

    def __str__(self) -> str:
        return self.number

    def is_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at


class ExportPart(models.Model):
    """A piece of the ZIP, sealed with the user's own key: no disk of ours ever holds it in clear."""

    export = models.ForeignKey(
        DataExport, on_delete=models.CASCADE, related_name="parts", verbose_name="导出"
    )
    position = models.PositiveIntegerField("序号")
    content_sealed = models.BinaryField("内容（加密）")

    privacy = Privacy(c2="content_sealed", c1="export position")

    class Meta:
        verbose_name = verbose_name_plural = "导出内容"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["export", "position"], name="an_export_has_a_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.export_id} · {self.position}"
