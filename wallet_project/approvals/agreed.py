"""What one person writes and two people put in force."""

from datetime import datetime
from typing import Any

from django.db import models

from wallet_project.kit import clock
from wallet_project.kit.privacy import Privacy


class AgreedState(models.TextChoices):
    """DRAFT → LIVE when a second person agrees → RETIRED. What was live is never changed."""

    DRAFT = "DRAFT", "草稿"
    LIVE = "LIVE", "已生效"
    RETIRED = "RETIRED", "已停用"


class Agreed(models.Model):
    """`terms` are all that a checker agrees to, in JSON; `shown` says them in words."""

    state = models.CharField("状态", max_length=8, choices=AgreedState, default=AgreedState.DRAFT)
    live_at = models.DateTimeField("生效时间", null=True, editable=False)
    created_at = models.DateTimeField("创建时间", auto_now_add=True, editable=False)

    is_the_only_one = False  # a new one in force ends the one before
    one_per: tuple[str, ...] = ()  # of those that share these columns
    privacy = Privacy(public="state live_at created_at")

    class Meta:
        abstract = True

    @property
    def terms(self) -> dict[str, Any]:
        raise NotImplementedError

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        """Chinese label → words."""
        raise NotImplementedError


def period(terms: dict[str, Any]) -> str:
    """From when to when, as a checker reads it."""
    begins, ends = (
        clock.in_words(datetime.fromisoformat(terms[name])) if terms[name] else "长期"
        for name in ("starts_at", "ends_at")
    )
    return f"{begins} 至 {ends}"
