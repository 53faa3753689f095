"""One attempt to pay one order or one top-up."""

from django.db import models
from django.db.models import Q

from payments.rules.order_states import PaymentState
from payments.rules.plans import PayMethod
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy


class Payment(Timestamped):
    """
    `number` is WeChat's out_trade_no and never changes for an attempt; coupons and points that it uses are
    reserved under it. Amounts are fen. What we asked for (appid, mchid, openid, from_channel) is kept to be
    compared with what WeChat says it received.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class State(models.TextChoices):
        REQUESTED = PaymentState.REQUESTED, "结果待确认"
        WAITING = PaymentState.WAITING, "待支付"
        PAID = PaymentState.PAID, "已支付"
        CLOSED = PaymentState.CLOSED, "已关闭"
        FAILED = PaymentState.FAILED, "微信拒绝"
        DISPUTED = PaymentState.DISPUTED, "金额或付款人不符"

    class Method(models.TextChoices):
        BALANCE = PayMethod.BALANCE, "余额"
        WECHAT = PayMethod.WECHAT, "微信"
        COMBINED = PayMethod.COMBINED, "余额 + 微信"

    number = models.CharField("支付单号", max_length=32, unique=True)
    payer = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name="付款人"
    )
    order = models.ForeignKey(
        "payments.Order",
        on_delete=models.PROTECT,
        related_name="payments",
        null=True,
        blank=True,
        verbose_name="订单",
    )
    top_up = models.ForeignKey(
        "wallet.TopUp",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="充值单",
    )
    hold = models.ForeignKey(
        "wallet.Hold",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="余额冻结",
    )
    method = models.CharField("支付方式", max_length=8, choices=Method)
    description = models.CharField("微信账单说明", max_length=127)
    uses_discounts = models.BooleanField("使用优惠", default=False)
    from_coupons = models.BigIntegerField("优惠券部分", default=0)
    from_points = models.BigIntegerField("积分部分", default=0)
    from_balance = models.BigIntegerField("余额部分")
    from_channel = models.BigIntegerField("微信部分")
    state = models.CharField("状态", max_length=12, choices=State)
    appid = models.CharField("AppID", max_length=32, blank=True)
    mchid = models.CharField("商户号", max_length=32, blank=True)
    openid = models.CharField("OpenID", max_length=128, blank=True)
    client_ip = models.CharField("IP", max_length=45, blank=True)
    prepay_id = models.CharField("预支付会话", max_length=64, blank=True)
    transaction_id = models.CharField("微信支付单号", max_length=32, null=True, blank=True)  # noqa: DJ001 - unique when known
    expires_at = models.DateTimeField("支付截止")
    settled_at = models.DateTimeField("到账时间", null=True, blank=True)
    settled_via = models.CharField("得知途径", max_length=16, blank=True)
    queries = models.PositiveSmallIntegerField("查询次数", default=0)
    next_query_at = models.DateTimeField("下次查询", null=True, blank=True)
    last_error = models.CharField("最近错误", max_length=200, blank=True)

    privacy = Privacy(
        c2="description from_coupons from_points from_balance from_channel openid client_ip",
        c1="number payer order top_up hold method uses_discounts state appid mchid prepay_id"
        " transaction_id expires_at settled_at settled_via queries next_query_at last_error",
        in_clear={
            COUNTED: "from_coupons from_points from_balance from_channel",
            "compared with what WeChat says it received": "description openid client_ip",
        },
    )

    class Meta:
        verbose_name = verbose_name_plural = "支付单"
        constraints = [
            models.CheckConstraint(
                condition=Q(order__isnull=False, top_up__isnull=True)
                | Q(order__isnull=True, top_up__isnull=False),
                name="a_payment_pays_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(from_coupons__gte=0, from_points__gte=0, from_balance__gte=0, from_channel__gte=0)
                & ~Q(from_coupons=0, from_points=0, from_balance=0, from_channel=0),
                name="a_payment_has_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(from_coupons=0, from_points=0) | Q(uses_discounts=True, order__isnull=False),
                name="a_discount_is_of_an_order",
            ),
            models.CheckConstraint(
                condition=Q(from_balance=0) | Q(hold__isnull=False), name="balance_is_held_before_it_is_paid"
            ),
            models.UniqueConstraint(fields=["transaction_id"], name="wechat_pays_one_payment_once"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["REQUESTED", "WAITING", "DISPUTED"]),
                name="an_order_has_one_live_payment",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="PAID"), name="an_order_is_paid_by_one_payment"
            ),
            models.UniqueConstraint(fields=["top_up"], name="a_top_up_has_one_payment"),
        ]
        indexes = [
            models.Index(
                fields=["next_query_at"],
                name="payment_to_query",
                condition=Q(state__in=["REQUESTED", "WAITING"]),
            ),
            models.Index(fields=["created_at"], name="payments_by_beginning"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def amount(self) -> int:
        return self.discount + self.from_balance + self.from_channel

    @property
    def discount(self) -> int:
        """Fen that coupons and points pay; a coupon that gives something back later pays nothing now."""
        return self.from_coupons + self.from_points
