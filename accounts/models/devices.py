"""Device: what somebody logs in from, named by the client."""

from datetime import datetime

from django.conf import settings
from django.db import models

from accounts.rules.step_up import SETTLING
from wallet_project.kit.privacy import Privacy


class Device(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="devices", verbose_name="用户"
    )
    device_id = models.CharField("设备号", max_length=64)
    name = models.CharField("名称", max_length=64, blank=True)
    platform = models.CharField("平台", max_length=32, blank=True)
    first_seen_at = models.DateTimeField("首次登录")
    last_seen_at = models.DateTimeField("最近登录")
    removed_at = models.DateTimeField("移除时间", null=True)

    privacy = Privacy(
        c2="device_id name",
        c1="user platform first_seen_at last_seen_at removed_at",
        in_clear={"looked for at every login, and shown to its owner": "device_id name"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "设备"
        constraints = [
            models.UniqueConstraint(fields=["user", "device_id"], name="a_user_has_a_device_once"),
        ]
        indexes = [models.Index(fields=["device_id"], name="device_shared_by")]

    def __str__(self) -> str:
        return self.name or self.device_id

    def is_known(self, at: datetime) -> bool:
        """Long enough to be the customer's own."""
        return at - self.first_seen_at >= SETTLING
