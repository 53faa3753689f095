"""What customers bought and sent back: the facts by which they are rewarded."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from coupons.rules.baskets import Basket, BasketLine
from coupons.rules.purchases import Left, left_of
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.money import Fen
from wallet_project.kit.privacy import COUNTED, Privacy

_OF_BUSINESS = {"what somebody is rewarded by": "place place_name title items"}


class Purchase(models.Model):
    """
    One paid order, in fen: `own` of the customer's own money (principal and WeChat), `given` of what we had
    given them (bonus, cashback), `discount` of coupons and points; together its amount. Of it `returned` and
    `returned_own` have gone back. Its discounts were reserved under `redemption`.
    """

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="顾客")
    reference = models.CharField("订单号", max_length=32, unique=True)
    kind = models.CharField("来源", max_length=8)
    place = models.CharField("地点", max_length=64)
    place_name = models.CharField("地点名称", max_length=64, blank=True)
    title = models.CharField("标题", max_length=64)
    items = models.JSONField("商品", default=list)
    amount = models.BigIntegerField("金额")
    own = models.BigIntegerField("自有资金")
    given = models.BigIntegerField("赠送资金")
    discount = models.BigIntegerField("优惠")
    returned = models.BigIntegerField("已退", default=0)
    returned_own = models.BigIntegerField("已退自有资金", default=0)
    paid_at = models.DateTimeField("支付时间")
    redemption = models.CharField("优惠使用单号", max_length=32, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="amount own given discount returned returned_own place place_name title items",
        c1="user reference kind paid_at redemption",
        in_clear={COUNTED: "amount own given discount returned returned_own", **_OF_BUSINESS},
    )

    class Meta:
        verbose_name = verbose_name_plural = "消费"
        constraints = [
            models.CheckConstraint(
                condition=Q(own__gte=0, given__gte=0, discount__gte=0)
                & Q(amount=F("own") + F("given") + F("discount")),
                name="a_purchase_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(returned__gte=0, returned__lte=F("amount"))
                & Q(returned_own__gte=0, returned_own__lte=F("own")),
                name="no_more_of_a_purchase_goes_back_than_was_bought",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-paid_at"], name="purchase_of_user"),
            BrinIndex(fields=["paid_at"], name="purchase_by_time"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def basket(self) -> Basket:
        return Basket(
            amount=Fen(self.amount),
            place=self.place,
            kind=self.kind,
            lines=tuple(BasketLine(**item) for item in self.items),
        )

    @property
    def left(self) -> Left:
        return left_of(
            amount=self.amount, returned=self.returned, own=self.own, returned_own=self.returned_own
        )


class PurchaseReturn(AppendOnly):
    """One refund of a purchase: `amount` fen, of them `own` of the customer's own money."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="returns", verbose_name="消费")
    number = models.CharField("退款单号", max_length=32, unique=True)
    amount = models.BigIntegerField("金额")
    own = models.BigIntegerField("自有资金")
    at = models.DateTimeField("时间")

    privacy = Privacy(c2="amount own", c1="purchase number at", in_clear={COUNTED: "amount own"})

    class Meta:
        verbose_name = verbose_name_plural = "消费退回"

    def __str__(self) -> str:
        return self.number
