"""Numbers by day and hour, as they were rolled up."""

from django.db import models

from wallet_project.kit.privacy import Privacy


class Figure(models.Model):
    """
    One metric on one business day; in one of its hours, or (`hour` empty) as a whole. `cut` says of what:
    "" of everything, "segment:12" of a segment's people, else a part that the metric names ("method:wechat").
    `value` is in the metric's unit (money in fen). Rolling a day up again replaces its figures.
    """

    metric = models.CharField("指标", max_length=48)
    day = models.DateField("日期")
    hour = models.PositiveSmallIntegerField("小时", null=True)
    cut = models.CharField("分组", max_length=48, blank=True)
    value = models.BigIntegerField("数值")

    privacy = Privacy(public="metric day hour cut value")

    class Meta:
        verbose_name = verbose_name_plural = "指标数值"
        permissions = [
            ("view_today_board", "查看今日看板"),
            ("view_users_board", "查看用户看板"),
            ("view_money_board", "查看资金看板"),
            ("view_growth_board", "查看增长看板"),
            ("view_support_board", "查看客服看板"),
            ("view_risk_board", "查看风控看板"),
            ("view_habits_board", "查看习惯看板"),
            ("export_figure", "导出看板"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "cut", "day", "hour"], nulls_distinct=False, name="a_figure_is_kept_once"
            ),
            models.CheckConstraint(
                condition=models.Q(hour=None) | models.Q(hour__lte=23), name="a_day_has_24_hours"
            ),
        ]
        indexes = [models.Index(fields=["day"], name="figures_of_a_day")]

    def __str__(self) -> str:
        return f"{self.metric} {self.day} {self.hour if self.hour is not None else ''}"
