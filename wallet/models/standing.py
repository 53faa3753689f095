"""CustomerStanding: what somebody's membership is worth when they move money."""

from django.db import models
from django.db.models import Q

from wallet_project.kit.privacy import Privacy


class CustomerStanding(models.Model):
    """
    `fee_tier` names the fee schedules of theirs, "" those of everybody; what they may move once, in a day and
    in a month is `limit_uplift` basis points more than their real-name level's limit. No row: neither.
    """

    user = models.OneToOneField(
        "accounts.User", models.PROTECT, primary_key=True, related_name="+", verbose_name="用户"
    )
    fee_tier = models.CharField("收费等级", max_length=32, blank=True)
    limit_uplift = models.PositiveIntegerField("限额提升（万分之一）")

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="user fee_tier limit_uplift")

    class Meta:
        verbose_name = verbose_name_plural = "会员待遇"
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_uplift__lte=10_000), name="no_limit_is_more_than_doubled"
            )
        ]

    def __str__(self) -> str:
        return self.fee_tier or "—"
