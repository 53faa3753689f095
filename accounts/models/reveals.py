"""Reveal: one look of a member of staff at what is otherwise masked."""

from django.conf import settings
from django.db import models

from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy


class Reveal(AppendOnly):
    """`user` is empty where it is about somebody who is not known here: the trail names the row."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="员工"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="顾客"
    )
    what = models.CharField("内容", max_length=64)
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField("时间")

    privacy = Privacy(c1="staff user what reason at")

    class Meta:
        verbose_name = verbose_name_plural = "查看明文"
        permissions = [("reveal_pii", "查看顾客的完整信息")]
        indexes = [models.Index(fields=["staff", "at"], name="reveals_of_a_colleague")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
