"""Blocks of a hash chain over the journals."""

from django.db import models

from wallet_project.kit.privacy import Privacy


class Seal(models.Model):
    """Seals every journal whose transaction is before `before_xid` and not before that of the seal below."""

    height = models.BigIntegerField("高度", primary_key=True)
    before_xid = models.BigIntegerField("事务上界")
    journals = models.IntegerField("凭证数")
    hash = models.BinaryField("摘要", max_length=32)
    sealed_at = models.DateTimeField("封存时间")

    app_role_may = ("SELECT",)
    privacy = Privacy(c1="height before_xid journals hash sealed_at")

    class Meta:
        verbose_name = verbose_name_plural = "账簿封印"

    def __str__(self) -> str:
        return f"封印 {self.height}"

    @property
    def head(self) -> str:
        """What is published of it: height and hash."""
        return f"{self.height}:{bytes(self.hash).hex()}"
