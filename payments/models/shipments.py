"""What became of the goods of a paid order, and whether WeChat knows."""

from django.db import models
from django.db.models import Q

from payments.rules.shipping import ShipmentState, ShippingWay
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import Privacy


class Shipment(Timestamped):
    """
    WAITING → UPLOADED | REFUSED; NOT_NEEDED where WeChat paid nothing of it. REFUSED → WAITING by hand.

    `payment` is the one that WeChat knows the order by. The last three times are told by WeChat's messages.
    """

    order = models.OneToOneField(
        "payments.Order", on_delete=models.PROTECT, related_name="shipment", verbose_name="订单"
    )
    payment = models.ForeignKey(
        "payments.Payment",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="支付单",
    )
    way = models.CharField("发货方式", max_length=8, choices=ShippingWay)
    company = models.CharField("快递公司编码", max_length=128, blank=True)
    tracking_no = models.CharField("快递单号", max_length=128, blank=True)
    receiver_contact = models.CharField("收件人电话（掩码）", max_length=32, blank=True)
    items = models.CharField("商品信息", max_length=120)
    shipped_at = models.DateTimeField("发货时间")
    state = models.CharField("状态", max_length=12, choices=ShipmentState)
    tries_used = models.PositiveSmallIntegerField("已尝试", default=0)
    next_try_at = models.DateTimeField("下次上传", null=True, blank=True)
    uploaded_at = models.DateTimeField("上传时间", null=True, blank=True)
    last_error = models.CharField("最近错误", max_length=200, blank=True)
    received_at = models.DateTimeField("确认收货时间", null=True, blank=True)
    settles_at = models.DateTimeField("预计结算时间", null=True, blank=True)
    settled_at = models.DateTimeField("结算时间", null=True, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="receiver_contact tracking_no items",
        c1="order payment way company shipped_at state tries_used next_try_at uploaded_at last_error"
        " received_at settles_at settled_at",
        in_clear={
            "masked before it comes to us": "receiver_contact",
            "the merchant's own books": "tracking_no items",
        },
    )

    class Meta:
        verbose_name = verbose_name_plural = "发货"
        permissions = [("upload_shipment", "重新上传发货信息")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ShipmentState.WAITING, next_try_at__isnull=False)
                | (~Q(state=ShipmentState.WAITING) & Q(next_try_at=None)),
                name="a_waiting_shipment_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state=ShipmentState.NOT_NEEDED, payment=None)
                | (~Q(state=ShipmentState.NOT_NEEDED) & Q(payment__isnull=False)),
                name="wechat_is_told_of_what_it_paid",
            ),
            models.CheckConstraint(
                condition=~Q(way="EXPRESS") | (~Q(company="") & ~Q(tracking_no="")),
                name="a_parcel_can_be_tracked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="shipment_due", condition=Q(state=ShipmentState.WAITING)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.order}"
