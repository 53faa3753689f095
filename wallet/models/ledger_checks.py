"""LedgerCheck: one proof of the books. LedgerFinding: one sentence, while it does not hold."""

from django.db import models
from django.db.models import Q

from wallet_project.kit.privacy import Privacy


class CheckKind(models.TextChoices):
    FULL = "full", "全量"
    SINCE = "since", "增量"


class CheckState(models.TextChoices):
    """WAITING → RUNNING → SOUND, BROKEN, or FAILED when it did not come to an end."""

    WAITING = "WAITING", "排队中"
    RUNNING = "RUNNING", "核对中"
    SOUND = "SOUND", "相符"
    BROKEN = "BROKEN", "不符"
    FAILED = "FAILED", "未完成"


class LedgerCheck(models.Model):
    """
    Where it began (0: at the very beginning) and how far it looked are PostgreSQL's transaction numbers, as
    the seals have them, and numbers of hold events. `head` was the newest seal.

    `found` is what was broken: name, count, examples. `asked_by` is an actor as in the audit trail; `system`
    is the schedule, or the command.
    """

    kind = models.CharField("范围", max_length=8, choices=CheckKind)
    state = models.CharField("结果", max_length=8, choices=CheckState, default=CheckState.WAITING)
    asked_by = models.CharField("发起人", max_length=64)
    asked_at = models.DateTimeField("发起时间")
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    from_xid = models.BigIntegerField("起始事务", default=0)
    from_event = models.BigIntegerField("起始冻结明细", default=0)
    to_xid = models.BigIntegerField("截至事务", null=True)
    to_event = models.BigIntegerField("截至冻结明细", null=True)
    journals = models.BigIntegerField("凭证数", default=0)
    entries = models.BigIntegerField("分录数", default=0)
    asked = models.PositiveSmallIntegerField("核对项", default=0)
    broken = models.PositiveSmallIntegerField("不符项", default=0)
    found = models.JSONField("不符之处", default=list)
    head = models.CharField("最新封印", max_length=96, blank=True)
    error = models.CharField("未完成原因", max_length=200, blank=True)

    privacy = Privacy(
        c1="kind state asked_by asked_at started_at finished_at from_xid from_event to_xid to_event"
        " journals entries asked broken found head error"
    )

    class Meta:
        verbose_name = verbose_name_plural = "账簿核对"
        permissions = [("run_ledgercheck", "立即核对账簿")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CheckState.SOUND, to_xid__isnull=False, broken=0)
                | Q(state=CheckState.BROKEN, to_xid__isnull=False, broken__gt=0)
                | ~Q(state__in=[CheckState.SOUND, CheckState.BROKEN]),
                name="a_finished_check_says_how_far_and_how_it_ended",
            ),
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="ledger_check_by_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}核对 {self.pk}"


class LedgerFinding(models.Model):
    """
    The alert about one sentence: one row from the check that found it broken first until a full check finds
    it whole. `count` and `examples` are what the latest check saw.
    """

    name = models.CharField("核对项", max_length=64)
    count = models.BigIntegerField("不符数量")
    examples = models.JSONField("例子")
    found_by = models.ForeignKey(
        "wallet.LedgerCheck", models.PROTECT, related_name="+", verbose_name="首次发现于"
    )
    found_at = models.DateTimeField("首次发现")
    seen_by = models.ForeignKey(
        "wallet.LedgerCheck", models.PROTECT, related_name="+", verbose_name="最近见于"
    )
    seen_at = models.DateTimeField("最近发现")
    settled_at = models.DateTimeField("恢复相符", null=True)
    acknowledged_at = models.DateTimeField("确认时间", null=True)
    acknowledged_by = models.CharField("确认人", max_length=64, blank=True)
    note = models.CharField("处理说明", max_length=200, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c1="name count examples found_by found_at seen_by seen_at settled_at"
        " acknowledged_at acknowledged_by note"
    )

    class Meta:
        verbose_name = verbose_name_plural = "账务告警"
        permissions = [("acknowledge_ledgerfinding", "确认账务告警")]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(settled_at=None), name="a_broken_sentence_is_one_alert"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by="", note="")
                | (Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by="") & ~Q(note="")),
                name="an_acknowledged_alert_says_by_whom_and_what",
            ),
        ]

    def __str__(self) -> str:
        return f"账务告警 {self.pk}"
