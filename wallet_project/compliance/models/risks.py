"""RiskAssessment: what may go wrong, how bad, and what is done about it; privacy impact among them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from wallet_project.compliance.models.base import Evidence, staff_member
from wallet_project.compliance.rules.risks import RiskLevel, level_of
from wallet_project.kit.privacy import Privacy

_ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


class RiskAssessment(Evidence):
    """Looked at again at `review_on`; one that is closed stays readable."""

    class Kind(models.TextChoices):
        GENERAL = "GENERAL", "一般风险评估"
        PRIVACY = "PRIVACY", "个人信息保护影响评估"

    class Treatment(models.TextChoices):
        REDUCE = "REDUCE", "降低"
        AVOID = "AVOID", "规避"
        TRANSFER = "TRANSFER", "转移"
        ACCEPT = "ACCEPT", "接受"

    title = models.CharField("名称", max_length=64)
    kind = models.CharField("类型", max_length=12, choices=Kind, default=Kind.GENERAL)
    scope = models.TextField("范围与场景", max_length=2000)
    likelihood = models.PositiveSmallIntegerField("可能性（1–5）", validators=_ONE_TO_FIVE)
    impact = models.PositiveSmallIntegerField("影响（1–5）", validators=_ONE_TO_FIVE)
    score = models.GeneratedField(
        expression=F("likelihood") * F("impact"),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
        verbose_name="风险值",
    )
    treatment = models.CharField("处置", max_length=12, choices=Treatment)
    measures = models.TextField("措施", max_length=2000)
    owner = staff_member("负责人")
    assessed_on = models.DateField("评估日期")
    due_on = models.DateField("措施截止", null=True, blank=True)
    measures_done_on = models.DateField("措施完成", null=True, blank=True)
    review_on = models.DateField("下次复评", help_text="最迟为评估后一年")
    is_open = models.BooleanField("仍在管理", default=True)

    privacy = Privacy(
        c1=(
            "title kind scope likelihood impact score treatment measures owner assessed_on due_on "
            "measures_done_on review_on is_open"
        )
    )

    class Meta:
        verbose_name = verbose_name_plural = "风险评估"
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)),
                name="a_risk_is_measured_from_one_to_five",
                violation_error_message="可能性和影响须为 1–5",
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("assessed_on")) & Q(review_on__lte=F("assessed_on") + 366),
                name="a_risk_is_reviewed_within_a_year",
                violation_error_message="复评日期须在评估后一年以内",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def level(self) -> RiskLevel:
        return level_of(self.likelihood * self.impact)
