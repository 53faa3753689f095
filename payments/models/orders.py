"""What a customer owes the merchant."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from payments.rules.order_states import OrderState
from wallet_project.kit.models.base import AppendOnly, Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy

_PAID_BESIDES = F("paid_from_coupons") + F("paid_from_points") + F("paid_from_channel")


class Order(Timestamped):
    """
    `amount` and all `paid_from_…` are fen; a paid order's parts add up to its amount. Of that `refunded`
    went back, and `refunding` is asked for or on its way.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class Origin(models.TextChoices):
        STORE = "STORE", "到店付款"
        SHOP = "SHOP", "商城订单"

    class State(models.TextChoices):
        OPEN = OrderState.OPEN, _("待支付")
        PAYING = OrderState.PAYING, _("支付中")
        PAID = OrderState.PAID, _("已支付")
        CLOSED = OrderState.CLOSED, _("已关闭")

    number = models.CharField("订单号", max_length=32, unique=True)
    origin = models.CharField("来源", max_length=8, choices=Origin)
    payer = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="付款人",
    )
    is_claimed = models.BooleanField("付款人自行认领", default=False)
    store = models.ForeignKey(
        "payments.Store",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="门店",
    )
    shop = models.ForeignKey(
        "payments.ShopSystem",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="商城系统",
    )
    shop_order_no = models.CharField("商城订单号", max_length=64, blank=True)
    title = models.CharField("标题", max_length=64)
    remark = models.CharField("备注", max_length=128, blank=True)
    amount = models.BigIntegerField("金额")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    paid_from_coupons = models.BigIntegerField("优惠券抵扣", default=0)
    paid_from_points = models.BigIntegerField("积分抵扣", default=0)
    paid_from_balance = models.BigIntegerField("余额支付", default=0)
    paid_from_channel = models.BigIntegerField("微信支付", default=0)
    refunding = models.BigIntegerField("退款中", default=0)
    refunded = models.BigIntegerField("已退款", default=0)
    placed_at = models.DateTimeField("下单时间")
    expires_at = models.DateTimeField("支付截止")
    paid_at = models.DateTimeField("支付时间", null=True, blank=True)
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)
    close_reason = models.CharField("关闭原因", max_length=64, blank=True)

    privacy = Privacy(
        c2="title remark amount paid_from_coupons paid_from_points paid_from_balance paid_from_channel"
        " refunding refunded",
        c1="number origin payer is_claimed store shop shop_order_no state placed_at"
        " expires_at paid_at closed_at close_reason",
        in_clear={
            COUNTED: "amount paid_from_coupons paid_from_points paid_from_balance paid_from_channel"
            " refunding refunded",
            "the merchant's own books": "title remark",
        },
    )

    class Meta:
        verbose_name = verbose_name_plural = "订单"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_order_has_an_amount"),
            models.CheckConstraint(
                condition=~Q(state="PAID") | Q(amount=F("paid_from_balance") + _PAID_BESIDES),
                name="a_paid_order_is_paid_in_full",
            ),
            models.CheckConstraint(
                condition=~Q(state="PAID") | Q(paid_at__isnull=False, payer__isnull=False),
                name="a_paid_order_has_a_payer_and_a_time",
            ),
            models.CheckConstraint(
                condition=Q(refunding__gte=0, refunded__gte=0)
                & Q(paid_from_balance__gte=F("refunding") + F("refunded") - _PAID_BESIDES),
                name="no_more_goes_back_than_was_paid",
            ),
            models.UniqueConstraint(
                fields=["shop", "shop_order_no"],
                condition=Q(shop__isnull=False),
                name="a_shop_numbers_an_order_once",
            ),
        ]
        indexes = [
            models.Index(fields=["payer", "-id"], name="order_of_payer"),
            models.Index(fields=["expires_at"], name="order_expiring", condition=Q(state="OPEN")),
            models.Index(fields=["placed_at"], name="orders_by_placing"),
            models.Index(fields=["paid_at"], name="orders_by_paying", condition=Q(paid_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def refundable(self) -> int:
        """Fen that may still be asked back; 0 while it is not paid."""
        return self.amount - self.refunded - self.refunding if self.state == self.State.PAID else 0

    @property
    def bought(self) -> Iterable["OrderLine"]:
        """Its lines; at a store there is an amount and nothing else."""
        return self.lines.all() if self.origin == self.Origin.SHOP else ()

    @property
    def discount(self) -> int:
        """Fen that coupons and points paid of it."""
        return self.paid_from_coupons + self.paid_from_points

    @property
    def counterparty(self) -> str:
        """Where the money goes, as the payer's records keep it: store:renmin, shop:web-shop."""
        return f"store:{self.store.code}" if self.store else f"shop:{self.shop.key_id}" if self.shop else ""

    @property
    def counterparty_name(self) -> str:
        sellers = (self.store, self.shop)
        return next((seller.name for seller in sellers if seller), "")


class OrderLine(AppendOnly):
    """One item of a shop's order; price in fen."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", verbose_name="订单")
    name = models.CharField("商品", max_length=64)
    sku = models.CharField("商品编码", max_length=64, blank=True)
    unit_price = models.BigIntegerField("单价")
    quantity = models.PositiveIntegerField("数量")

    privacy = Privacy(
        c2="name sku unit_price quantity",
        c1="order",
        in_clear={"the merchant's own books": "name sku unit_price quantity"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "商品明细"
        ordering = ["id"]  # as the shop listed them
        constraints = [
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, quantity__gt=0), name="an_order_line_has_a_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"
