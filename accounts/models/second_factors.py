"""Authenticator: the app on a colleague's phone that shows six digits; RecoveryCode: for when it is lost."""

from django.conf import settings
from django.db import models
from django_otp.models import Device as OtpDevice

from wallet_project.kit.privacy import Privacy


class Authenticator(OtpDevice):
    """
    A shared secret of RFC 6238, sealed with its owner's personal key.

    Unconfirmed until its first code has been typed. A session remembers by which one it was let in, so
    removing the row ends what it opened.
    """

    name = None  # one each: it needs none
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="员工",
    )
    confirmed = models.BooleanField("已启用", default=False)
    secret_sealed = models.BinaryField("密钥（加密）")
    last_step = models.BigIntegerField("最近用过的时间片", default=-1)
    failures = models.PositiveSmallIntegerField("连续错误次数", default=0)
    paused_until = models.DateTimeField("暂停至", null=True)
    created_at = models.DateTimeField("生成时间")
    confirmed_at = models.DateTimeField("启用时间", null=True)

    privacy = Privacy(
        c3="secret_sealed", c1="user confirmed last_step failures paused_until created_at confirmed_at"
    )

    class Meta:
        verbose_name = verbose_name_plural = "动态码验证器"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "confirmed"], name="one_authenticator_is_used_and_one_is_being_set_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.user_id}"


class RecoveryCode(models.Model):
    """Eighty random bits, so a plain hash keeps them; each opens the door once."""

    authenticator = models.ForeignKey(
        Authenticator, on_delete=models.CASCADE, related_name="recovery_codes", verbose_name="验证器"
    )
    code_hash = models.BinaryField("恢复码（哈希）", max_length=32, unique=True)
    used_at = models.DateTimeField("使用时间", null=True)

    privacy = Privacy(c3="code_hash", c1="authenticator used_at")

    class Meta:
        verbose_name = verbose_name_plural = "恢复码"

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
