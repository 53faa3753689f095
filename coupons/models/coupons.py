"""The coupon of a person."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coupons.models.templates import CouponTemplate
from coupons.rules.offers import Offer
from wallet_project.kit.privacy import COUNTED, Privacy


class CouponState(models.TextChoices):
    """
    HELD → RESERVED by an order → REDEEMED when that is paid; back to HELD when it is not, or when all of it
    is refunded. HELD → EXPIRED by time, VOIDED by us or when its owner leaves.
    """

    HELD = "HELD", _("可使用")
    RESERVED = "RESERVED", _("使用中")
    REDEEMED = "REDEEMED", _("已使用")
    EXPIRED = "EXPIRED", _("已过期")
    VOIDED = "VOIDED", _("已作废")


ENDED_UNUSED = (CouponState.EXPIRED, CouponState.VOIDED)


class Coupon(models.Model):
    """
    A promise of at most `face` fen, which coupon_liability owes while it is HELD or RESERVED. `source` says
    what it was given for and is there once; `reference` is the order that has it, to which it is worth
    `worth` fen: off now, or, of a CASHBACK coupon, back later.
    """

    serial = models.CharField("券号", max_length=32, unique=True)
    template = models.ForeignKey(CouponTemplate, models.PROTECT, related_name="coupons", verbose_name="模板")
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    state = models.CharField("状态", max_length=8, choices=CouponState)
    face = models.BigIntegerField("最多可抵")
    source = models.CharField("来源", max_length=96, unique=True)
    cause = models.CharField("发放依据", max_length=64, blank=True)
    reference = models.CharField("使用单号", max_length=64, blank=True)
    worth = models.BigIntegerField("实际优惠", default=0)
    valid_from = models.DateTimeField("有效期开始")
    valid_until = models.DateTimeField("有效期截止")
    issued_at = models.DateTimeField("领取时间")
    ended_at = models.DateTimeField("使用或失效时间", null=True)
    reminded_at = models.DateTimeField("到期提醒时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="face worth",
        c1="serial template user state source cause reference valid_from valid_until issued_at ended_at"
        " reminded_at",
        in_clear={COUNTED: "face worth"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "优惠券"
        permissions = [("void_coupon", "作废优惠券")]
        constraints = [
            models.CheckConstraint(
                condition=Q(face__gt=0, worth__gte=0, worth__lte=F("face")),
                name="a_coupon_is_worth_its_face_at_most",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["RESERVED", "REDEEMED"]) & ~Q(reference=""))
                | Q(state__in=["HELD", "EXPIRED", "VOIDED"], reference="", worth=0),
                name="a_coupon_in_use_says_by_what",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["HELD", "RESERVED"], ended_at=None)
                | Q(state__in=["REDEEMED", "EXPIRED", "VOIDED"], ended_at__isnull=False),
                name="a_coupon_ends_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "state", "-id"], name="coupons_of_a_person"),
            models.Index(fields=["reference"], name="coupon_by_use", condition=~Q(reference="")),
            models.Index(fields=["valid_until"], name="coupon_held_by_end", condition=Q(state="HELD")),
            models.Index(fields=["ended_at"], name="coupon_by_ending", condition=Q(ended_at__isnull=False)),
            BrinIndex(fields=["issued_at"], name="coupon_by_issuing", autosummarize=True),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def offer(self) -> Offer:
        """As the rules see it; of a row that was read with its template."""
        return Offer(
            template_id=self.template_id,
            name=self.template.name,
            serial=self.serial,
            terms=self.template.promise,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            coupon_id=self.pk,
        )
