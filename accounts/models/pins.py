"""The payment PIN and the tries that missed it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.devices import Device
from wallet_project.kit.privacy import Privacy


class PaymentPin(models.Model):
    """Only a hash, and the number of the pepper that is in it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="payment_pin",
        verbose_name="用户",
    )
    pin_hash = models.BinaryField("哈希", max_length=128, editable=False)
    pepper = models.PositiveSmallIntegerField("胡椒编号", editable=False)
    set_at = models.DateTimeField("设置时间")
    reset_at = models.DateTimeField("最近重置", null=True)
    blocked_at = models.DateTimeField("停用时间", null=True)

    privacy = Privacy(c3="pin_hash", c1="user pepper set_at reset_at blocked_at")

    class Meta:
        verbose_name = verbose_name_plural = "支付密码"

    def __str__(self) -> str:
        return str(self.user)


class WrongPin(models.Model):
    """
    A try that was wrong, or whose end is not known yet.

    Counted where it was made: a device of old has five tries of its own, all new devices have five together,
    so whoever guesses elsewhere does not lock the owner's phone. Those in a row count towards the next lock.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="wrong_pins", verbose_name="用户"
    )
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", verbose_name="设备")
    on_known_device = models.BooleanField("常用设备")
    tried_at = models.DateTimeField("时间")
    is_in_row = models.BooleanField("计入连续错误", default=True)
    locks_until = models.DateTimeField("锁定至", null=True)

    privacy = Privacy(c1="user device on_known_device tried_at is_in_row locks_until")

    class Meta:
        verbose_name = verbose_name_plural = "密码错误"
        indexes = [
            models.Index(fields=["user", "-tried_at"], name="wrong_pin_of_user"),
            models.Index(fields=["tried_at"], name="wrong_pin_tried_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(locks_until=None) | Q(is_in_row=False), name="a_lock_ends_the_row_of_wrong_pins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.tried_at:%Y-%m-%d %H:%M}"
