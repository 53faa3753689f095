"""The counter of a device's fingerprint or face key."""

from django.db import models

from accounts.models.devices import Device
from wallet_project.kit.privacy import Privacy


class SoterCounter(models.Model):
    """The highest count this device's key has signed: an older result is a replay."""

    device = models.OneToOneField(
        Device, on_delete=models.PROTECT, primary_key=True, related_name="soter", verbose_name="设备"
    )
    counter = models.BigIntegerField("计数器")
    seen_at = models.DateTimeField("最近验证")

    privacy = Privacy(c1="device counter seen_at")

    class Meta:
        verbose_name = verbose_name_plural = "生物认证计数"

    def __str__(self) -> str:
        return str(self.device_id)
