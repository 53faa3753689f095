"""ConsentRecord: who agreed to which text, or took it back, when and how. Written once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.agreements import AgreementVersion
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy


class ConsentRecord(AppendOnly):
    """Evidence: `sha256` repeats the fingerprint of the text, `device_id` and `ip_masked` say from where."""

    class Act(models.TextChoices):
        GIVEN = "GIVEN", "同意"
        WITHDRAWN = "WITHDRAWN", "撤回"

    class Channel(models.TextChoices):
        LOGIN = "LOGIN", "登录页"
        MINI_PROGRAM = "MINI_PROGRAM", "小程序"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name="用户",
        db_index=False,
    )
    agreement = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="consents", verbose_name="协议"
    )
    act = models.CharField("行为", max_length=16, choices=Act)
    at = models.DateTimeField("时间")
    sha256 = models.CharField("正文指纹", max_length=64)
    channel = models.CharField("渠道", max_length=16, choices=Channel)
    device_id = models.CharField("设备号", max_length=64, blank=True)
    ip_masked = models.CharField("IP（脱敏）", max_length=64, blank=True)
    request_id = models.CharField("请求号", max_length=64, blank=True)

    privacy = Privacy(
        c2="device_id",
        c1="user agreement act at sha256 channel ip_masked request_id",
        in_clear={"evidence of where they agreed, shown to its owner": "device_id"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "同意记录"
        constraints = [
            models.CheckConstraint(condition=~Q(sha256=""), name="a_consent_names_the_text"),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="consent_of_user")]

    def __str__(self) -> str:
        return f"{self.get_act_display()}《{self.agreement.title}》"
