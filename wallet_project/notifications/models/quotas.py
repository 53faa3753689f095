"""How many subscribe messages of a template a person still lets through, as far as we know."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from wallet_project.kit.privacy import Privacy
from wallet_project.notifications.models.subscribe import SubscribeTemplate


class SubscribeQuota(models.Model):
    """`left` moves with its changes. WeChat keeps its own count, which we never see."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    template = models.ForeignKey(SubscribeTemplate, models.PROTECT, related_name="+", verbose_name="模板")
    left = models.PositiveIntegerField("剩余次数", default=0)

    privacy = Privacy(c1="user template left")

    class Meta:
        verbose_name = verbose_name_plural = "订阅次数"
        constraints = [
            models.UniqueConstraint(fields=["user", "template"], name="a_person_has_one_quota_per_template"),
            models.CheckConstraint(condition=Q(left__gte=0), name="a_quota_is_never_overdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.template} ×{self.left}"


class QuotaCause(models.TextChoices):
    CLIENT = "CLIENT", "顾客同意（小程序上报）"
    PUSH = "PUSH", "顾客同意（微信推送）"
    SENT = "SENT", "发送"
    RETURNED = "RETURNED", "未发出，退回"
    EXHAUSTED = "EXHAUSTED", "微信称已用完或被拒收"
    REFUSED = "REFUSED", "顾客在设置中拒收"


class QuotaChange(models.Model):
    """
    Why a quota is what it is; rows are only added. `reference` is the occasion: each changes it once.

    One acceptance is told of twice, by the mini-program and by WeChat's push, with nothing in common but its
    time. Whichever comes second `confirms` the first, and adds nothing.
    """

    quota = models.ForeignKey(SubscribeQuota, models.CASCADE, related_name="changes", verbose_name="次数")
    cause = models.CharField("原因", max_length=9, choices=QuotaCause)
    change = models.IntegerField("变动")
    reference = models.CharField("依据", max_length=96)
    confirms = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="confirmed_by", verbose_name="印证"
    )
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c1="quota cause change reference confirms at")

    class Meta:
        verbose_name = verbose_name_plural = "订阅次数变动"
        constraints = [
            models.UniqueConstraint(
                fields=["quota", "cause", "reference"], name="an_occasion_changes_a_quota_once"
            ),
            models.CheckConstraint(
                condition=Q(confirms=None) | Q(change=0), name="what_is_told_again_adds_nothing"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=["CLIENT", "PUSH"], change__in=[0, 1])
                | Q(cause="RETURNED", change=1)
                | Q(cause="SENT", change=-1)
                | Q(cause__in=["EXHAUSTED", "REFUSED"], change__lte=0),
                name="a_cause_changes_a_quota_in_its_direction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()} {self.change:+d}"
