"""CheckIn: somebody was here on a day."""

from django.db import models
from django.db.models import F, Q

from wallet_project.kit.privacy import COUNTED, Privacy


class CheckIn(models.Model):
    """Of a streak that began on `began`; a day that was missed can be made up with a card."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="顾客")
    day = models.DateField("日期")
    began = models.DateField("连续签到始于")
    is_made_up = models.BooleanField("补签", default=False)
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c2="day began", c1="user is_made_up at", in_clear={COUNTED: "day began"})

    class Meta:
        verbose_name = verbose_name_plural = "签到"
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="a_day_is_checked_in_once"),
            models.CheckConstraint(condition=Q(day__gte=F("began")), name="a_streak_begins_before_its_days"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"

    @property
    def streak(self) -> int:
        return (self.day - self.began).days + 1
