"""What a payment takes of its payer's coupons and points."""

from django.db import models
from django.db.models import F, Q

from coupons.rules.redemptions import RedemptionState, Wish
from wallet_project.kit.privacy import COUNTED, Privacy


class Redemption(models.Model):
    """
    All discounts of one payment, in fen: `off` of its coupons, `points_worth` of its points. Of these
    `off_returned`, `worth_returned` and `points_returned` came back by refunds; its coupons do with the last
    of them.

    `reference` is the payment's number. Its moves are drawn in rules/redemptions.py.
    """

    reference = models.CharField("支付单号", max_length=32, unique=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="顾客")
    state = models.CharField("状态", max_length=8, choices=RedemptionState, default=RedemptionState.RESERVED)
    off = models.BigIntegerField("优惠券抵扣")
    points = models.BigIntegerField("使用积分")
    points_worth = models.BigIntegerField("积分抵扣")
    off_returned = models.BigIntegerField("已退优惠券抵扣", default=0)
    worth_returned = models.BigIntegerField("已退积分抵扣", default=0)
    points_returned = models.BigIntegerField("已退积分", default=0)
    reserved_at = models.DateTimeField("预留时间")
    ended_at = models.DateTimeField("使用或释放时间", null=True)
    coupons_returned_at = models.DateTimeField("优惠券退还时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="off off_returned points points_worth worth_returned points_returned",
        c1="reference user state reserved_at ended_at coupons_returned_at",
        in_clear={COUNTED: "off off_returned points points_worth worth_returned points_returned"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "优惠使用"
        constraints = [
            models.CheckConstraint(
                condition=Q(off__gte=0, points__gte=0, points_worth__gte=0, points_worth__lte=F("points")),
                name="points_pay_a_fen_each_at_most",
            ),
            models.CheckConstraint(
                condition=Q(off_returned__gte=0, off_returned__lte=F("off"))
                & Q(worth_returned__gte=0, worth_returned__lte=F("points_worth"))
                & Q(points_returned__gte=0, points_returned__lte=F("points")),
                name="no_more_of_a_discount_returns_than_was_used",
            ),
            models.CheckConstraint(
                condition=Q(state="REDEEMED")
                | Q(off_returned=0, worth_returned=0, points_returned=0, coupons_returned_at__isnull=True),
                name="only_what_was_redeemed_returns",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="redemptions_of_a_person"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def wish(self) -> Wish:
        """What its payer had asked for; of a row that was read with its coupons."""
        serials = (one.coupon.serial for one in self.coupons.all() if one.is_wanted)
        return Wish(coupons=frozenset(serials), points=self.points)


class RedeemedCoupon(models.Model):
    """
    One coupon of it: `off` fen at once, `back` fen after paying. Its payer asked for it, or it counts by
    itself.
    """

    redemption = models.ForeignKey(
        Redemption, models.PROTECT, related_name="coupons", verbose_name="优惠使用"
    )
    coupon = models.ForeignKey("coupons.Coupon", models.PROTECT, related_name="+", verbose_name="优惠券")
    is_wanted = models.BooleanField("顾客所选")
    off = models.BigIntegerField("抵扣金额", default=0)
    back = models.BigIntegerField("付款后返还", default=0)

    app_role_may = ("SELECT", "INSERT")
    privacy = Privacy(c2="off back", c1="redemption coupon is_wanted", in_clear={COUNTED: "off back"})

    class Meta:
        verbose_name = verbose_name_plural = "优惠使用明细"
        constraints = [
            models.UniqueConstraint(fields=["redemption", "coupon"], name="a_payment_uses_a_coupon_once"),
            models.CheckConstraint(
                condition=Q(off__gte=0, back__gte=0), name="a_coupon_takes_nothing_on_top"
            ),
        ]

    def __str__(self) -> str:
        return str(self.coupon)
