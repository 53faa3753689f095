"""One row per Idempotency-Key: who used it, for what, and what the answer was."""

from django.db import models

from wallet_project.kit.privacy import Privacy


class IdempotencyKey(models.Model):
    scope = models.CharField("使用者", max_length=64)
    key = models.CharField("键", max_length=64)
    fingerprint = models.BinaryField("请求指纹", max_length=32)
    locked_until = models.DateTimeField("处理截止")
    subject = models.CharField("已产生的结果", max_length=64, blank=True)
    status = models.PositiveSmallIntegerField("应答状态", null=True)
    body = models.BinaryField("应答内容", null=True)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)

    privacy = Privacy(
        c2="body",
        c1="scope key fingerprint locked_until subject status created_at",
        in_clear={"the same request gets the same answer, and no answer kept carries a credential": "body"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "幂等键"
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="a_key_is_used_for_one_request"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_created_at")]

    def __str__(self) -> str:
        return f"{self.scope} · {self.key}"
