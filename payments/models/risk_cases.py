"""Moves and patterns that somebody looks at."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from payments.rules.risk_cases import RiskCaseKind, RiskCaseState
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import COUNTED, Privacy


class RiskCase(models.Model):
    """
    A held move: `hold` sets its amount aside in the customer's wallet, or it is a withdrawal in review
    (`reference`). Or a pattern over several: `rule` names what found it.

    Let go, the same move (`operation`, `payee`, up to `amount` fen) is not held again before `cleared_until`.
    """

    number = models.CharField("编号", max_length=32, unique=True)
    kind = models.CharField("类型", max_length=8, choices=RiskCaseKind)
    state = models.CharField("状态", max_length=12, choices=RiskCaseState, default=RiskCaseState.OPEN)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="用户", db_index=False
    )
    title = models.CharField("事由", max_length=120)
    rule = models.CharField("发现规则", max_length=48, blank=True)
    decision = models.OneToOneField(
        "payments.RiskDecision", models.PROTECT, null=True, related_name="case", verbose_name="风控决策"
    )
    operation = models.CharField("操作", max_length=32, blank=True)
    payee = models.CharField("收款方", max_length=64, blank=True)
    amount = models.BigIntegerField("金额", default=0)
    hold = models.OneToOneField(
        "wallet.Hold", models.PROTECT, null=True, related_name="+", verbose_name="资金冻结"
    )
    reference = models.CharField("关联单号", max_length=64, blank=True)
    evidence = models.JSONField("证据", default=dict)
    assignee_id = models.BigIntegerField("处理人", null=True)
    opened_at = models.DateTimeField("建立时间")
    due_at = models.DateTimeField("应在此前处理")
    closed_at = models.DateTimeField("结束时间", null=True)
    closed_by = models.BigIntegerField("结束人", null=True)
    conclusion = models.CharField("结论", max_length=300, blank=True)
    cleared_until = models.DateTimeField("放行有效至", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="amount evidence",
        c1="number kind state user title rule decision operation payee hold reference assignee_id opened_at"
        " due_at closed_at closed_by conclusion cleared_until",
        in_clear={COUNTED: "amount", "read by whoever works on the case": "evidence"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "风控案件"
        permissions = [("decide_riskcase", "处理风控案件")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "operation", "payee", "amount"],
                condition=Q(state="OPEN", kind="MOVE", reference=""),
                name="a_held_move_is_one_case",
            ),
            models.UniqueConstraint(
                fields=["user", "rule"],
                condition=Q(state="OPEN", kind="PATTERN"),
                name="a_pattern_is_one_open_case_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", closed_at=None)
                | (~Q(state="OPEN") & Q(closed_at__isnull=False) & ~Q(conclusion="")),
                name="a_closed_risk_case_says_how_it_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="risk_case_due", condition=Q(state="OPEN")),
            models.Index(fields=["user", "-id"], name="risk_case_of_user"),
            models.Index(fields=["opened_at"], name="risk_cases_by_opening"),
            models.Index(
                fields=["closed_at"], name="risk_cases_by_end", condition=Q(closed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state == RiskCaseState.OPEN

    @property
    def ended_at(self) -> datetime | None:
        return self.closed_at


class RiskCaseNote(AppendOnly):
    """The timeline of a case: what was done and found, by whom, in order."""

    case = models.ForeignKey(RiskCase, models.PROTECT, related_name="notes", verbose_name="案件")
    at = models.DateTimeField("时间")
    by = models.CharField("何人", max_length=64)
    text = models.CharField("内容", max_length=500)

    privacy = Privacy(c1="case at by text")

    class Meta:
        verbose_name = verbose_name_plural = "案件记录"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.text
