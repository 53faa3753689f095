"""How somebody wants to be told, and of what they do not."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from wallet_project.kit.privacy import Privacy
from wallet_project.notifications.rules.notices import EXEMPT, Category, ChannelKind
from wallet_project.notifications.rules.quiet_hours import BEGIN, END


class Reader(models.Model):
    """Whoever has said something about it; everybody else is as the defaults say."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", primary_key=True, verbose_name="顾客"
    )
    language = models.CharField("语言", max_length=8, choices=settings.LANGUAGES, default="zh-hans")
    has_quiet_hours = models.BooleanField("有免打扰时段", default=True)
    quiet_from = models.TimeField("免打扰开始", default=BEGIN)
    quiet_until = models.TimeField("免打扰结束", default=END)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="user language has_quiet_hours quiet_from quiet_until")

    class Meta:
        verbose_name = verbose_name_plural = "消息设置"
        constraints = [
            models.CheckConstraint(
                condition=~Q(quiet_from=F("quiet_until")),
                name="quiet_hours_end_at_another_time_than_they_begin",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_language_display())


class Preference(models.Model):
    """Somebody does not want a category over a channel; what has no row is wanted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    category = models.CharField("类别", max_length=8, choices=Category)
    channel = models.CharField("渠道", max_length=9, choices=ChannelKind)
    message = models.ForeignKey(
        "notifications.Message", models.SET_NULL, null=True, related_name="+", verbose_name="从哪条消息退订"
    )
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="user category channel message at")

    class Meta:
        verbose_name = verbose_name_plural = "消息退订"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "category", "channel"], name="a_category_is_turned_off_once"
            ),
            models.CheckConstraint(
                condition=~Q(category__in=EXEMPT), name="what_must_be_told_is_not_turned_off"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.get_channel_display()}"
