"""Codes that are a coupon each for whoever brings them first."""

from django.db import models
from django.db.models import F, Q

from coupons.models.templates import CouponTemplate
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy


class CodeBatch(models.Model):
    """
    So many codes of a template, approved by a second person. They are made when somebody takes them away as a
    file, once: of each only a hash stays.
    """

    number = models.CharField("批次号", max_length=32, unique=True)
    template = models.ForeignKey(CouponTemplate, models.PROTECT, related_name="+", verbose_name="模板")
    count = models.PositiveIntegerField("数量")
    reason = models.CharField("用途", max_length=200)
    maker_id = models.BigIntegerField("申请人")
    checker_id = models.BigIntegerField("审批人")
    created_at = models.DateTimeField("批准时间")
    exported_at = models.DateTimeField("导出时间", null=True, editable=False)
    exported_by = models.BigIntegerField("导出人", null=True, editable=False)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c1="number template count reason maker_id checker_id created_at exported_at exported_by"
    )

    class Meta:
        verbose_name = verbose_name_plural = "兑换码批次"
        permissions = [("approve_code_batch", "批准生成兑换码"), ("export_codebatch", "导出兑换码")]
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="a_batch_has_a_code"),
            models.CheckConstraint(condition=~Q(maker_id=F("checker_id")), name="nobody_makes_codes_alone"),
        ]

    def __str__(self) -> str:
        return self.number


class CouponCode(AppendOnly):
    """One code, by its hash. The coupon whose source is this code says who has it."""

    batch = models.ForeignKey(CodeBatch, models.PROTECT, related_name="codes", verbose_name="批次")
    code_hash = models.BinaryField("兑换码摘要", max_length=32, unique=True)

    privacy = Privacy(c3="code_hash", c1="batch")

    class Meta:
        verbose_name = verbose_name_plural = "兑换码"

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.pk}"

    @property
    def source(self) -> str:
        return f"code:{self.pk}"
