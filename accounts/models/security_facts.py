"""SecurityFacts: what happened to an account that others must be careful about."""

from django.db import models

from accounts.models.users import User
from wallet_project.kit.privacy import Privacy


class CoolReason(models.TextChoices):
    PHONE_CHANGED = "PHONE_CHANGED", "更换手机号"
    PIN_RESET = "PIN_RESET", "重置支付密码"
    WECHAT_LINKED = "WECHAT_LINKED", "关联微信"
    MERGED = "MERGED", "账户合并"


class SecurityFacts(models.Model):
    """One row per user, made by the first fact worth keeping; no row means that nothing is known."""

    user = models.OneToOneField(
        User,
        on_delete=models.PROTECT,
        related_name="security_facts",
        primary_key=True,
        verbose_name="用户",
    )
    withdrawals_cooled_until = models.DateTimeField("暂停提现至", null=True)
    cool_reason = models.CharField("暂停提现原因", max_length=16, choices=CoolReason, blank=True)
    risk_rank = models.PositiveSmallIntegerField("微信风险等级", null=True)
    risk_asked_at = models.DateTimeField("风险查询时间", null=True)

    privacy = Privacy(c1="user withdrawals_cooled_until cool_reason risk_rank risk_asked_at")

    class Meta:
        verbose_name = verbose_name_plural = "安全状况"

    def __str__(self) -> str:
        return str(self.user)
