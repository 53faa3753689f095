"""What is said often."""

from django.conf import settings
from django.db import models

from wallet_project.kit.privacy import Privacy


class CannedReply(models.Model):
    """A reply that is written once; `kinds` are the tickets it fits, none: all. See rules/canned_replies."""

    title = models.CharField("标题", max_length=40, unique=True)
    body = models.TextField("内容", max_length=2_000)
    kinds = models.JSONField("适用类型", default=list, blank=True)
    language = models.CharField("语言", max_length=8, default="zh-hans", choices=settings.LANGUAGES)
    is_active = models.BooleanField("启用", default=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(public="title body kinds language is_active")

    class Meta:
        verbose_name = verbose_name_plural = "常用回复"
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title
