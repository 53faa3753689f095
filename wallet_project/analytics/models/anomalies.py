"""Which numbers are watched for being strange, and how closely."""

from django.db import models

from wallet_project.analytics.rules.alerts import Severity
from wallet_project.analytics.rules.baselines import Direction, Sensitivity, Terms
from wallet_project.kit.privacy import Privacy


class WatchedMetric(models.Model):
    """
    A metric that is kept by hour, or a share of two such. `minimum` is in the metric's unit (money in fen),
    of a share in cases: below it nothing is said.
    """

    code = models.CharField("指标", max_length=48, unique=True)
    direction = models.CharField("方向", max_length=8, choices=Direction, default=Direction.BOTH)
    sensitivity = models.CharField("灵敏度", max_length=8, choices=Sensitivity, default=Sensitivity.NORMAL)
    minimum = models.PositiveBigIntegerField("最小量")
    severity = models.PositiveSmallIntegerField("告警级别", choices=Severity, default=Severity.WARNING)
    is_active = models.BooleanField("启用", default=True)

    privacy = Privacy(public="code direction sensitivity minimum severity is_active")

    class Meta:
        verbose_name = verbose_name_plural = "异常监测"

    def __str__(self) -> str:
        return f"{self.get_direction_display()}监测"

    @property
    def terms(self) -> Terms:
        return Terms(
            sensitivity=Sensitivity(self.sensitivity),
            direction=Direction(self.direction),
            minimum=self.minimum,
        )
