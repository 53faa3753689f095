"""Who may be found, and how often somebody looks."""

from django.db import models

from wallet_project.kit.privacy import Privacy


class PayeeSettings(models.Model):
    """A customer's own wish; without a row, the default of the columns."""

    user = models.OneToOneField(
        "accounts.User", models.PROTECT, primary_key=True, related_name="+", verbose_name="用户"
    )
    findable_by_phone = models.BooleanField("可通过手机号找到", default=True)
    changed_at = models.DateTimeField("变更时间")

    privacy = Privacy(c1="user findable_by_phone changed_at")

    class Meta:
        verbose_name = verbose_name_plural = "收款设置"

    def __str__(self) -> str:
        return str(self.user_id)


class PayeeLookups(models.Model):
    """How many phones somebody has looked up on a Shanghai day, found or not."""

    pk = models.CompositePrimaryKey("user", "day")
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="用户", db_index=False
    )
    day = models.DateField("日期")
    total = models.PositiveIntegerField("次数")

    privacy = Privacy(c1="user day total")

    class Meta:
        verbose_name = verbose_name_plural = "收款人查找次数"
        indexes = [models.Index(fields=["day"], name="payee_lookups_day")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.day}"
