"""FeeWaiver: somebody's next fee is spared."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from wallet_project.kit.privacy import COUNTED, Privacy


class FeeWaiver(models.Model):
    """
    Up to `most` fen of the fee of one move, of one of these `kinds` (none: of any), for this user.

    A quote reserves it, and the move that takes the quote uses it: it is free as long as no open or taken
    quote names it. `number` is what it is called by whoever gave it, who may have `ended_at` it.
    """

    number = models.CharField("编号", max_length=32, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="用户", db_index=False
    )
    kinds = models.JSONField("业务", default=list)
    most = models.BigIntegerField("最多减免")
    valid_from = models.DateTimeField("有效期开始")
    expires_at = models.DateTimeField("有效期至")
    ended_at = models.DateTimeField("收回时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="most",
        c1="number user kinds valid_from expires_at ended_at",
        in_clear={COUNTED: "most"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "手续费减免"
        constraints = [
            models.CheckConstraint(
                condition=Q(most__gt=0, expires_at__gt=F("valid_from")), name="a_waiver_spares_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "expires_at"], name="waivers_of_a_person", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.number
