"""The audiences about whose people alone the numbers are asked, too."""

from django.core.exceptions import ValidationError
from django.db import models

from wallet_project.kit.privacy import Privacy


class WatchedSegment(models.Model):
    """From `since` on, whatever can be asked about people is also rolled up for whoever is in `segment`."""

    segment = models.OneToOneField("coupons.Segment", models.PROTECT, related_name="+", verbose_name="人群")
    since = models.DateTimeField("开始时间", auto_now_add=True)

    MOST = 8  # each costs every roll-up as much again

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(public="segment since")

    class Meta:
        verbose_name = verbose_name_plural = "关注人群"

    def __str__(self) -> str:
        return self.segment.name

    def clean(self) -> None:
        if self._state.adding and WatchedSegment.objects.count() >= self.MOST:
            raise ValidationError(f"最多关注 {self.MOST} 个人群，请先移除一个")

    @property
    def cut(self) -> str:
        """What figures of it are kept under."""
        return f"segment:{self.segment_id}"
