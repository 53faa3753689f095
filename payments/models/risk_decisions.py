"""What was made of a move: the counted move, and the decision with everything it was based on."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.rules.screening import Cause, Outcome
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import COUNTED, Privacy


class RiskMove(models.Model):
    """
    One move that was let through, as narrow as counting allows. `family`: operations that are counted
    together. Plain ids, for this is written and counted at every move.
    """

    at = models.DateTimeField("时间")
    family = models.CharField("类别", max_length=32)
    user_id = models.BigIntegerField("用户", null=True)
    device_id = models.CharField("设备号", max_length=64, null=True)  # noqa: DJ001 - unknown is never counted
    ip = models.CharField("IP", max_length=64, null=True)  # noqa: DJ001 - unknown is never counted
    payee = models.CharField("收款方", max_length=64, null=True)  # noqa: DJ001 - unknown is never counted
    amount = models.BigIntegerField("金额")

    app_role_may = ("SELECT", "INSERT", "DELETE")  # deleted only when its time is over
    privacy = Privacy(
        c2="device_id ip amount",
        c1="at family user_id payee",
        in_clear={COUNTED: "device_id ip amount"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "风控计数"
        indexes = [
            models.Index(
                fields=["user_id", "family", "-at"], include=["amount", "payee"], name="risk_by_user"
            ),
            models.Index(fields=["device_id", "family", "-at"], include=["amount"], name="risk_by_device"),
            models.Index(fields=["ip", "family", "-at"], include=["amount", "user_id"], name="risk_by_ip"),
            models.Index(
                fields=["payee", "-at"], include=["amount", "user_id", "family"], name="risk_by_payee"
            ),
            models.Index(fields=["at"], name="risk_move_at"),
        ]

    def __str__(self) -> str:
        return f"{self.family} · {self.at:%Y-%m-%d %H:%M}"


class RiskDecision(AppendOnly):
    """
    What was decided of a move, when, by which rules and on which facts; never changed. It is committed by
    itself: a move that is rolled back leaves it behind.

    `hits` are the rules that hit: code, version, weight, action, is_shadow. `is_degraded`: something could
    not be evaluated. A question (`is_final` is false) is kept only when the answer was not simply yes.
    """

    number = models.CharField("编号", max_length=32, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="用户",
        db_index=False,
    )
    operation = models.CharField("操作", max_length=32)
    amount = models.BigIntegerField("金额")
    device_id = models.CharField("设备号", max_length=64, blank=True)
    ip = models.CharField("IP", max_length=64, blank=True)
    payee = models.CharField("收款方", max_length=64, blank=True)
    is_final = models.BooleanField("是否执行前")
    outcome = models.CharField("结论", max_length=8, choices=Outcome)
    score = models.PositiveSmallIntegerField("得分")
    cause = models.CharField("告知原因", max_length=16, choices=Cause)
    until = models.DateTimeField("延后至", null=True)
    hits = models.JSONField("命中规则", default=list)
    facts = models.JSONField("依据", default=dict)
    is_degraded = models.BooleanField("规则异常", default=False)
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")  # deleted only when its time is over
    privacy = Privacy(
        c2="amount device_id ip facts",
        c1="number user operation payee is_final outcome score cause until hits is_degraded at",
        in_clear={
            COUNTED: "amount",
            "rules are tried on them before they go live, and objections are answered by them": (
                "device_id ip facts"
            ),
        },
    )

    class Meta:
        verbose_name = verbose_name_plural = "风控决策"
        indexes = [
            models.Index(fields=["user", "-id"], name="risk_decision_of_user"),
            models.Index(fields=["at"], name="risk_decision_at"),
            models.Index(
                fields=["user", "operation", "payee"],
                name="risk_decision_delayed",
                condition=Q(until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number
