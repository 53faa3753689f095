"""Where customers come from, what it cost, and by which way each of them came when."""

from django.db import models
from django.db.models import Q

from coupons.rules.scenes import scene_of
from wallet_project.kit.models.base import AppendOnly, Timestamped
from wallet_project.kit.privacy import Privacy


class ChannelKind(models.TextChoices):
    KOL = "KOL", "达人"
    ADS = "ADS", "广告投放"
    STORE = "STORE", "门店物料"
    PARTNER = "PARTNER", "合作方"
    OTHER = "OTHER", "其他"


class Channel(Timestamped):
    """A way that people come by, known by its code; one that is not `is_open` counts no more."""

    code = models.CharField("渠道码", max_length=18, unique=True)
    name = models.CharField("名称", max_length=32)
    kind = models.CharField("类型", max_length=8, choices=ChannelKind)
    notes = models.CharField("备注", max_length=200, blank=True)
    is_open = models.BooleanField("启用", default=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="code name kind notes is_open")

    class Meta:
        verbose_name = verbose_name_plural = "渠道"
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9A-Z][0-9A-Z_-]{1,17}$"), name="a_channel_code_fits_a_scene"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scene(self) -> str:
        return scene_of(channel=self.code)


class ChannelCost(Timestamped):
    """What a channel cost in a Shanghai month ('2026-11'), in fen."""

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="costs", verbose_name="渠道")
    month = models.CharField("月份", max_length=7)
    amount = models.BigIntegerField("费用")
    notes = models.CharField("说明", max_length=200, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="channel month amount notes")

    class Meta:
        verbose_name = verbose_name_plural = "渠道费用"
        constraints = [
            models.UniqueConstraint(fields=["channel", "month"], name="a_channel_costs_once_a_month"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, month__regex=r"^20[0-9]{2}-(0[1-9]|1[0-2])$"),
                name="a_channel_costs_something_in_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} · {self.month}"


class Touch(AppendOnly):
    """Somebody came by a channel; the first time on a Shanghai day is kept."""

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="+", verbose_name="渠道", db_index=False
    )
    day = models.DateField("日期")
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")  # deleted when its time is over
    privacy = Privacy(c1="user channel day at")

    class Meta:
        verbose_name = verbose_name_plural = "渠道触达"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel", "day"], name="a_day_has_one_touch_of_a_channel"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "at"], name="touches_of_a_person"),
            models.Index(fields=["channel", "at"], name="touches_of_a_channel"),
            models.Index(fields=["at"], name="touch_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
