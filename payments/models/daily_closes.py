"""A Beijing day of business with WeChat, compared with the ledger and signed by two people."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from payments.rules.daily_close import BUCKETS, KIND_NAMES, Bucket, CloseState, Ending
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy


class DailyClose(Timestamped):
    """
    Its moves are drawn in payments/rules/daily_close.py. Amounts are fen.

    `opening`, `closing`: what the ledger says WeChat holds for us when the day begins and ends.
    `fees`, `settled`: what WeChat took and sent to our bank, booked when the day is signed; negative where it
    came back. `unexplained` is what open differences are about, all of them counted positive. Once LOCKED,
    the database lets nothing of the day change (payments/sql/daily_close.sql).
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class State(models.TextChoices):
        WAITING = CloseState.WAITING, "等待账单"
        MATCHED = CloseState.MATCHED, "已相符"
        DIFFERENT = CloseState.DIFFERENT, "有差异"
        LOCKED = CloseState.LOCKED, "已日结"

    day = models.DateField("业务日", unique=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.WAITING)
    working_until = models.DateTimeField("对账进行至", null=True, blank=True)
    matched_at = models.DateTimeField("对账时间", null=True, blank=True)
    alarmed_at = models.DateTimeField("逾期告警", null=True, blank=True)
    opening = models.BigIntegerField("期初待结算", null=True, blank=True)
    closing = models.BigIntegerField("期末待结算", null=True, blank=True)
    fees = models.BigIntegerField("微信手续费", default=0)
    settled = models.BigIntegerField("结算到银行等", default=0)
    wechat_balance = models.BigIntegerField("微信账户结余", null=True, blank=True)
    unexplained = models.BigIntegerField("未解释金额", default=0)
    open_differences = models.PositiveIntegerField("未处理差异", default=0)
    signed_at = models.DateTimeField("日结时间", null=True, blank=True)
    proposed_by = models.BigIntegerField("申请人", null=True, blank=True)
    approved_by = models.BigIntegerField("审批人", null=True, blank=True)

    privacy = Privacy(
        c1="day state working_until matched_at alarmed_at opening closing fees settled wechat_balance"
        " unexplained open_differences signed_at proposed_by approved_by"
    )

    class Meta:
        verbose_name = verbose_name_plural = "日结"
        permissions = [
            ("run_dailyclose", "执行对账"),
            ("propose_dailyclose", "申请日结"),
            ("approve_dailyclose", "审批日结"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=CloseState.LOCKED)
                | Q(
                    unexplained=0,
                    open_differences=0,
                    signed_at__isnull=False,
                    proposed_by__isnull=False,
                    approved_by__isnull=False,
                ),
                name="a_day_is_locked_when_all_of_it_is_explained",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="nobody_closes_a_day_alone"
            ),
            models.CheckConstraint(
                condition=~Q(state=CloseState.MATCHED) | Q(open_differences=0),
                name="a_matched_day_has_no_open_difference",
            ),
        ]

    def __str__(self) -> str:
        return self.day.isoformat()


class CloseItem(models.Model):
    """
    One payment, refund or transfer of a day, as each of the three says it; made anew with every match.

    Amounts are fen, positive, null where that side knows nothing of it. `outcome` is empty where all agree,
    else the bucket. `journal_id`, `booked_at`: the ledger's side. `other_day`: where the other side of
    something that crossed midnight is.
    """

    close = models.ForeignKey(
        "payments.DailyClose", on_delete=models.PROTECT, related_name="items", verbose_name="日结"
    )
    kind = models.CharField("业务", max_length=8, choices=list(KIND_NAMES.items()))
    external_id = models.CharField("微信单号", max_length=96)
    number = models.CharField("我方单号", max_length=64, blank=True)
    at = models.DateTimeField("微信时间", null=True)
    trade_amount = models.BigIntegerField("交易账单金额", null=True)
    fund_amount = models.BigIntegerField("资金账单金额", null=True)
    ledger_amount = models.BigIntegerField("账簿金额", null=True)
    fee = models.BigIntegerField("手续费", default=0)
    state = models.CharField("微信状态", max_length=12, blank=True)
    journal_id = models.BigIntegerField("凭证", null=True)
    booked_at = models.DateTimeField("记账时间", null=True)
    outcome = models.CharField(
        "结果", max_length=24, choices=[(bucket, row.name) for bucket, row in BUCKETS.items()], blank=True
    )
    other_day = models.DateField("对方所在日", null=True)

    privacy = Privacy(
        c2="trade_amount fund_amount ledger_amount fee",
        c1="close kind external_id number at state journal_id booked_at outcome other_day",
        in_clear={COUNTED: "trade_amount fund_amount ledger_amount fee"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "对账明细"
        constraints = [
            models.UniqueConstraint(fields=["close", "kind", "external_id"], name="a_day_has_an_item_once")
        ]

    def __str__(self) -> str:
        return self.external_id


class Difference(Timestamped):
    """
    What does not agree: OPEN → ended, in one of three ways. A subject has one per day.

    `subject` names the item (`payment:4200…`), the line (`row:TRADE:17`) or the file (`file:TRADE`); `amount`
    is by how many fen the bill is above the ledger.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class Ended(models.TextChoices):
        REPAIRED = Ending.REPAIRED, "系统已补记"
        BY_ITSELF = Ending.BY_ITSELF, "自动关闭"
        RESOLVED = Ending.RESOLVED, "人工处理"

    close = models.ForeignKey(
        "payments.DailyClose", on_delete=models.PROTECT, related_name="differences", verbose_name="日结"
    )
    subject = models.CharField("对象", max_length=112)
    bucket = models.CharField(
        "类型", max_length=24, choices=[(bucket, row.name) for bucket, row in BUCKETS.items()]
    )
    number = models.CharField("我方单号", max_length=64, blank=True)
    amount = models.BigIntegerField("差额", default=0)
    evidence = models.JSONField("证据", default=dict)
    due_at = models.DateTimeField("处理时限")
    assignee_id = models.BigIntegerField("处理人", null=True, blank=True)
    repairs = models.PositiveSmallIntegerField("自动处理次数", default=0)
    ended = models.CharField("处理方式", max_length=12, choices=Ended, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = models.BigIntegerField("结束人", null=True, blank=True)
    resolution = models.CharField("处理结果", max_length=200, blank=True)

    privacy = Privacy(
        c2="amount evidence",
        c1="close subject bucket number due_at assignee_id repairs ended ended_at ended_by resolution",
        in_clear={COUNTED: "amount", "what a person decides by": "evidence"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "对账差异"
        constraints = [
            models.UniqueConstraint(fields=["close", "subject"], name="a_subject_differs_once_a_day"),
            models.CheckConstraint(
                condition=Q(ended="", ended_at=None)
                | (~Q(ended="") & Q(ended_at__isnull=False) & ~Q(resolution="")),
                name="an_ended_difference_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(ended=Ending.RESOLVED) | Q(ended_by__isnull=False),
                name="a_resolved_difference_names_who_resolved_it",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="difference_open_by_due_time", condition=Q(ended="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_bucket_display()} {self.number or self.subject}"

    @property
    def is_open(self) -> bool:
        return not self.ended

    @property
    def opened_at(self) -> datetime:
        return self.created_at

    @property
    def role(self) -> str:
        return BUCKETS[Bucket(self.bucket)].role
