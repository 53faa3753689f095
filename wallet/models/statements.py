"""Statement: one month of a wallet, asked for once, made by a worker, kept for a week."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from wallet.rules.statements import RUNNING, Form, StatementState
from wallet_project.kit.privacy import COUNTED, Privacy


class Statement(models.Model):
    """
    The request and what became of it, for good; the files are its parts, which go at `expires_at`. Until the
    month is over it is provisional: `until` says up to when it tells. `checksum` is that of the contents
    (rules.statements.checksum_of).
    """

    number = models.CharField("对账单号", max_length=32, unique=True)
    wallet = models.ForeignKey(
        "wallet.Wallet", models.PROTECT, related_name="statements", verbose_name="钱包", db_index=False
    )
    month = models.CharField("月份", max_length=7)
    since = models.DateTimeField("账期开始")
    until = models.DateTimeField("账期结束")
    is_provisional = models.BooleanField("暂定")
    state = models.CharField("状态", max_length=8, choices=StatementState, default=StatementState.QUEUED)
    tries = models.PositiveSmallIntegerField("生成次数", default=0)
    percent = models.PositiveSmallIntegerField("进度（%）", default=0)
    requested_at = models.DateTimeField("申请时间")
    seen_at = models.DateTimeField("最近进展", null=True)
    ready_at = models.DateTimeField("完成时间", null=True)
    expires_at = models.DateTimeField("下载截止", null=True)
    opening = models.BigIntegerField("期初余额", null=True)
    closing = models.BigIntegerField("期末余额", null=True)
    lines = models.PositiveIntegerField("笔数", default=0)
    difference = models.BigIntegerField("差额", default=0)
    checksum = models.CharField("校验码", max_length=64, blank=True)
    downloads = models.PositiveIntegerField("下载次数", default=0)
    downloaded_at = models.DateTimeField("最近下载", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="opening closing difference",
        c1="number wallet month since until is_provisional state tries percent requested_at seen_at ready_at"
        " expires_at lines checksum downloads downloaded_at",
        in_clear={COUNTED: "opening closing difference"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "对账单"
        constraints = [
            models.UniqueConstraint(
                fields=["wallet", "month"],
                condition=Q(state__in=RUNNING),
                name="a_month_has_one_statement_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=StatementState.READY)
                | Q(
                    ready_at__isnull=False,
                    expires_at__isnull=False,
                    opening__isnull=False,
                    closing__isnull=False,
                    percent=100,
                    difference=0,
                )
                & ~Q(checksum=""),
                name="a_ready_statement_ties_and_is_sealed",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="a_statement_is_done_at_a_hundred"),
        ]
        indexes = [models.Index(fields=["wallet", "-id"], name="statement_of_wallet")]

    def __str__(self) -> str:
        return self.number

    def is_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at


class StatementPart(models.Model):
    """A piece of a file, sealed with its owner's own key: it lies nowhere in clear."""

    statement = models.ForeignKey(
        Statement, models.CASCADE, related_name="parts", verbose_name="对账单", db_index=False
    )
    form = models.CharField("格式", max_length=4, choices=Form)
    position = models.PositiveIntegerField("序号")
    content_sealed = models.BinaryField("内容（加密）")

    privacy = Privacy(c2="content_sealed", c1="statement form position")

    class Meta:
        verbose_name = verbose_name_plural = "对账单文件"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "form", "position"], name="a_statement_has_a_part_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} · {self.form} · {self.position}"
