"""Coupons that staff give to people whom they name."""

from django.db import models
from django.db.models import F, Q

from coupons.models.templates import CouponTemplate
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy


class CouponGrant(AppendOnly):
    """
    A coupon of a template for each of these users, decided by one member of staff or, above a line, by two.
    The coupons that it is the cause of say who has got theirs.
    """

    number = models.CharField("发放单号", max_length=32, unique=True)
    template = models.ForeignKey(CouponTemplate, models.PROTECT, related_name="+", verbose_name="模板")
    user_ids = models.JSONField("发给")
    reason = models.CharField("原因", max_length=200)
    maker_id = models.BigIntegerField("申请人")
    checker_id = models.BigIntegerField("审批人", null=True)
    created_at = models.DateTimeField("决定时间")

    privacy = Privacy(c1="number template user_ids reason maker_id checker_id created_at")

    class Meta:
        verbose_name = verbose_name_plural = "优惠券发放"
        permissions = [("give_coupongrant", "发放优惠券"), ("approve_coupon_grant", "批准发放优惠券")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(maker_id=F("checker_id")), name="nobody_agrees_to_their_own_grant"
            ),
        ]

    def __str__(self) -> str:
        return self.number
