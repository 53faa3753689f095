"""A customer's wallet: the owner of three ledger accounts."""

from django.db import models

from wallet_project.kit.privacy import Privacy


class WalletStatus(models.TextChoices):
    OPEN = "OPEN", "正常"
    FROZEN = "FROZEN", "只进不出"
    CREDIT_FROZEN = "CREDIT_FROZEN", "只出不进"
    ALL_FROZEN = "ALL_FROZEN", "不进不出"
    CLOSED = "CLOSED", "已关闭"


class Wallet(models.Model):
    """
    Written by the ledger's functions only (wallet/sql/wallets.sql, closing.sql). CLOSED is for good; a freeze
    ends at `frozen_until`, or when somebody lifts it. `status_since`, when the status was last set, is dated
    by the database, so that one freeze is told from the next.
    """

    user = models.OneToOneField("accounts.User", models.PROTECT, related_name="+", verbose_name="用户")
    status = models.CharField("状态", max_length=16, choices=WalletStatus, default=WalletStatus.OPEN)
    status_reason = models.CharField("状态原因", max_length=200, blank=True)
    status_since = models.DateTimeField("状态自", null=True, blank=True)
    frozen_until = models.DateTimeField("冻结至", null=True, blank=True)
    opened_at = models.DateTimeField("开通时间")

    app_role_may = ("SELECT",)
    privacy = Privacy(c1="user status status_reason status_since frozen_until opened_at")

    class Meta:
        verbose_name = verbose_name_plural = "钱包"
        permissions = [("approve_unfreeze", "审批解冻钱包")]

    def __str__(self) -> str:
        return f"钱包 {self.pk}"

    @property
    def is_closed(self) -> bool:
        return self.status == WalletStatus.CLOSED
