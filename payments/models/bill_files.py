"""WeChat's bills of a day: the file as it came, sealed, and its lines."""

from django.db import models

from payments.rules.daily_close import KIND_NAMES, BillKind, FileState
from wallet_project.kit.fields import SealedField
from wallet_project.kit.models.base import AppendOnly, Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy

_KINDS = list(KIND_NAMES.items())


class BillFile(Timestamped):
    """
    WAITING → ABSENT | INVALID | STAGED; INVALID → asked for again. `digest` is WeChat's SHA-1 of the
    contents, `rows` how many lines it has, `problem` what in its summary does not agree with them, or why
    it is no bill.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class Kind(models.TextChoices):
        TRADE = BillKind.TRADE, "交易账单"
        FUND_FLOW = BillKind.FUND_FLOW, "基本账户资金账单"
        OPERATION = BillKind.OPERATION, "运营账户资金账单"

    class State(models.TextChoices):
        WAITING = FileState.WAITING, "未就绪"
        ABSENT = FileState.ABSENT, "当日无业务"
        INVALID = FileState.INVALID, "无效"
        STAGED = FileState.STAGED, "已载入"

    close = models.ForeignKey(
        "payments.DailyClose", on_delete=models.PROTECT, related_name="files", verbose_name="日结"
    )
    kind = models.CharField("账单", max_length=12, choices=Kind)
    state = models.CharField("状态", max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField("尝试次数", default=0)
    digest = models.CharField("摘要", max_length=40, blank=True)
    rows = models.PositiveIntegerField("行数", default=0)
    problem = models.CharField("问题", max_length=200, blank=True)
    fetched_at = models.DateTimeField("下载时间", null=True, blank=True)

    privacy = Privacy(c1="close kind state tries digest rows problem fetched_at")

    class Meta:
        verbose_name = verbose_name_plural = "微信账单"
        constraints = [
            models.UniqueConstraint(fields=["close", "kind"], name="a_day_has_a_bill_of_a_kind_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.close_id}"


class BillFilePart(models.Model):
    """A piece of the packed file, in Base64: it names who paid, so it lies nowhere in clear."""

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")

    file = models.ForeignKey(
        BillFile, on_delete=models.PROTECT, related_name="parts", verbose_name="账单", db_index=False
    )
    position = models.PositiveIntegerField("序号")
    content_sealed = SealedField("内容（加密）", belongs_to="payments.billfilepart:{file_id}:{position}")

    privacy = Privacy(c2="content_sealed", c1="file position")

    class Meta:
        verbose_name = verbose_name_plural = "账单文件"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["file", "position"], name="a_bill_has_a_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} · {self.position}"


class _Line(AppendOnly):
    """One line of a bill. With a `problem` it is kept as it came, and believed in nothing else."""

    app_role_may = ("SELECT", "INSERT", "DELETE")

    file = models.ForeignKey(BillFile, on_delete=models.PROTECT, related_name="+", verbose_name="账单")
    position = models.PositiveIntegerField("行号")
    kind = models.CharField("业务", max_length=8, choices=_KINDS)
    external_id = models.CharField("微信单号", max_length=64, blank=True)
    number = models.CharField("我方单号", max_length=64, blank=True)
    problem = models.CharField("问题", max_length=64, blank=True)
    raw = models.CharField("原文", max_length=1000, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.position} {self.external_id}"


class TradeLine(_Line):
    """A payment or a refund, as the trade bill says it."""

    at = models.DateTimeField("交易时间", null=True)
    appid = models.CharField("AppID", max_length=32, blank=True)
    mchid = models.CharField("商户号", max_length=32, blank=True)
    state = models.CharField("状态", max_length=12, blank=True)
    amount = models.BigIntegerField("金额")
    fee = models.BigIntegerField("手续费")

    privacy = Privacy(
        c2="amount fee raw",
        c1="file position kind external_id number at appid mchid state problem",
        in_clear={COUNTED: "amount fee", "what a person decides by, of lines that are wrong": "raw"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "交易账单行"
        indexes = [models.Index(fields=["external_id"], name="trade_line_by_number")]


class FundLine(_Line):
    """Money that came or went: `change` is what the file's account gained, `balance` what it then held."""

    at = models.DateTimeField("记账时间", null=True)
    flow_no = models.CharField("资金流水单号", max_length=64, blank=True)
    change = models.BigIntegerField("收支")
    balance = models.BigIntegerField("账户结余")

    privacy = Privacy(
        c2="change balance raw",
        c1="file position kind external_id number at flow_no problem",
        in_clear={COUNTED: "change balance", "what a person decides by, of lines that are wrong": "raw"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "资金账单行"
        indexes = [models.Index(fields=["external_id"], name="fund_line_by_number")]
