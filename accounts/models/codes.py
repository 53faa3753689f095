"""VerificationCode: six digits on their way to a phone, kept as their HMAC."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.rules.codes import WRONG_TRIES, CodePurpose
from wallet_project.kit.privacy import Privacy


class VerificationCode(models.Model):
    """
    Of the codes for one purpose, phone and binding only the newest counts.

    The rows also count what was sent: to a phone, for a device, from an address.
    """

    purpose = models.CharField("用途", max_length=16, choices=CodePurpose)
    phone_hash = models.BinaryField("手机号（盲索引）", max_length=32)
    bound_to = models.CharField("绑定的操作", max_length=64, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        verbose_name="用户",
    )
    code_hash = models.BinaryField("验证码（HMAC）", max_length=32)
    wrong_tries = models.PositiveSmallIntegerField("错误次数", default=0)
    sent_at = models.DateTimeField("发送时间")
    expires_at = models.DateTimeField("到期时间")
    spent_at = models.DateTimeField("使用时间", null=True)
    device_id = models.CharField("设备号", max_length=64, blank=True)
    ip = models.CharField("IP", max_length=64, blank=True)

    privacy = Privacy(
        c3="code_hash",
        c2="phone_hash",
        c1="purpose bound_to user wrong_tries sent_at expires_at spent_at device_id ip",
    )

    class Meta:
        verbose_name = verbose_name_plural = "短信验证码"
        constraints = [
            models.CheckConstraint(
                condition=Q(wrong_tries__lte=WRONG_TRIES), name="a_code_is_guessed_at_five_times_at_most"
            ),
        ]
        indexes = [
            models.Index(fields=["phone_hash", "-sent_at"], name="code_to_a_phone"),
            models.Index(fields=["device_id", "-sent_at"], name="code_for_a_device"),
            models.Index(fields=["ip", "-sent_at"], name="code_from_an_address"),
            models.Index(fields=["sent_at"], name="code_sent_at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.sent_at:%Y-%m-%d %H:%M}"
