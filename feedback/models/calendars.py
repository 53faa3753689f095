"""When the support desk is at work."""

from datetime import time

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from feedback.rules.calendars import SpecialPeriod, hours_in_words
from wallet_project.kit.privacy import Privacy


class BusinessCalendar(models.Model):
    """Hours of a week; columns of rules.calendars.BusinessHours. Changed by two people."""

    code = models.SlugField("代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=32)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="工作日")
    opens = models.TimeField("上班时间")
    closes = models.TimeField("下班时间")
    keeps_holidays = models.BooleanField("按国家节假日安排", default=True)

    privacy = Privacy(public="code name weekdays opens closes keeps_holidays")

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        permissions = [("approve_businesscalendar", "审批工作日历")]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__len__gte=1) & Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]),
                name="a_calendar_has_a_working_day",
            ),
            models.CheckConstraint(
                condition=Q(closes=time()) | Q(closes__gt=F("opens")), name="a_working_day_has_an_hour"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def in_words(self) -> str:
        return hours_in_words(
            weekdays=self.weekdays, opens=self.opens, closes=self.closes, keeps_holidays=self.keeps_holidays
        )


class SpecialDays(models.Model):
    """
    One line of a year's 部分节假日安排 (国务院办公厅): days of rest, or of work that makes up for them. The
    year is the notice's; it may name the last days of the one before.
    """

    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("节日", max_length=16)
    first_day = models.DateField("开始日期")
    last_day = models.DateField("结束日期")
    works = models.BooleanField("上班")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(public="year name first_day last_day works")

    class Meta:
        verbose_name = verbose_name_plural = "节假日安排"
        permissions = [("approve_specialdays", "审批节假日安排")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="special_days_are_one_at_least"
            ),
            ExclusionConstraint(
                name="a_day_is_special_once",
                expressions=[
                    (
                        Func(
                            F("first_day"),
                            F("last_day"),
                            Value("[]"),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first_day:%Y-%m-%d}"

    @property
    def period(self) -> SpecialPeriod:
        return SpecialPeriod(
            name=self.name, first_day=self.first_day, last_day=self.last_day, works=self.works
        )
