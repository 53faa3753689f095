"""An order taken back in part or whole, and where each part of it goes."""

from django.db import models
from django.db.models import F, Q

from payments.rules.order_refunds import UNDER_WAY, OrderRefundState, RefundOrigin, RefundReason
from payments.rules.refund_splits import Destination, SourceKind
from payments.rules.refund_words import Going, RefundStep, steps_of, summary_of
from wallet_project.kit.money import Fen
from wallet_project.kit.privacy import COUNTED, Privacy


class OrderSource(models.Model):
    """
    What one source gave for a paid order, in fen; `returned` went back to it, or is asked for or on its way.

    Written from the journal of the payment when a refund is first asked for.
    """

    order = models.ForeignKey(
        "payments.Order", on_delete=models.PROTECT, related_name="sources", verbose_name="订单"
    )
    kind = models.CharField("付款来源", max_length=16, choices=SourceKind)
    place = models.PositiveSmallIntegerField("次序")
    paid = models.BigIntegerField("支付金额")
    returned = models.BigIntegerField("已退或退款中", default=0)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c2="paid returned", c1="order kind place", in_clear={COUNTED: "paid returned"})

    class Meta:
        verbose_name = verbose_name_plural = "付款来源"
        ordering = ["order", "place"]
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="an_order_has_each_source_once"),
            models.CheckConstraint(
                condition=Q(paid__gt=0, returned__gte=0, returned__lte=F("paid")),
                name="a_source_gets_back_what_it_gave_at_most",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class OrderRefund(models.Model):
    """
    `amount` fen of a paid order go back; its moves are drawn in rules/order_refunds.py.

    Reserved from the moment it is asked for. `note` is what whoever asked wrote, `answer` what the payer
    reads of a refusal. `maker_id` and `reviewer_id` are staff.
    """

    number = models.CharField("退款单号", max_length=32, unique=True)
    order = models.ForeignKey(
        "payments.Order", on_delete=models.PROTECT, related_name="refunds", verbose_name="订单"
    )
    amount = models.BigIntegerField("退款金额")
    origin = models.CharField("发起方", max_length=12, choices=RefundOrigin)
    reason = models.CharField("原因", max_length=20, choices=RefundReason)
    note = models.CharField("说明", max_length=200, blank=True)
    state = models.CharField("状态", max_length=12, choices=OrderRefundState, default=OrderRefundState.REVIEW)
    answer = models.CharField("答复", max_length=200, blank=True)
    shop_refund_no = models.CharField("商城退款号", max_length=64, blank=True)
    maker_id = models.BigIntegerField("发起人", null=True, blank=True)
    reviewer_id = models.BigIntegerField("审核人", null=True, blank=True)
    journal_id = models.BigIntegerField("退款凭证", null=True, blank=True)
    requested_at = models.DateTimeField("申请时间")
    accepted_at = models.DateTimeField("通过时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="amount note answer",
        c1="number order origin reason state shop_refund_no maker_id reviewer_id journal_id requested_at"
        " accepted_at ended_at",
        in_clear={COUNTED: "amount", "what a person decides by": "note answer"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "订单退款"
        permissions = [
            ("start_orderrefund", "发起订单退款"),
            ("review_orderrefund", "审核订单退款"),
            ("approve_order_refund", "审批大额订单退款、退款转入余额"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_order_refund_is_of_something"),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, ended_at=None)
                | (~Q(state__in=UNDER_WAY) & Q(ended_at__isnull=False)),
                name="an_ended_order_refund_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["REVIEW", "REJECTED", "WITHDRAWN"], journal_id=None, accepted_at=None)
                | Q(
                    state__in=["PROCESSING", "DELAYED", "SUCCEEDED"],
                    journal_id__isnull=False,
                    accepted_at__isnull=False,
                ),
                name="an_accepted_order_refund_is_booked",
            ),
            models.UniqueConstraint(
                fields=["order", "shop_refund_no"],
                condition=~Q(shop_refund_no=""),
                name="a_shop_numbers_a_refund_once",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(origin="CUSTOMER", state="REVIEW"),
                name="a_payer_asks_for_one_refund_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "requested_at"], name="order_refund_by_state"),
            models.Index(fields=["requested_at"], name="order_refund_by_day"),
            models.Index(
                fields=["accepted_at"],
                name="order_refund_by_accepting",
                condition=Q(accepted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def summary(self) -> str:
        return summary_of(part.going for part in self.parts.all())

    @property
    def timeline(self) -> list[RefundStep]:
        return steps_of(
            state=OrderRefundState(self.state),
            requested_at=self.requested_at,
            accepted_at=self.accepted_at,
            ended_at=self.ended_at,
            parts=[part.going for part in self.parts.all()],
        )

    @property
    def may_be_withdrawn(self) -> bool:
        return self.state == OrderRefundState.REVIEW and self.origin == RefundOrigin.CUSTOMER


class OrderRefundPart(models.Model):
    """What one source gets back of one refund; WeChat's may take several attempts until it has arrived."""

    refund = models.ForeignKey(
        OrderRefund, on_delete=models.PROTECT, related_name="parts", verbose_name="订单退款"
    )
    source = models.ForeignKey(
        OrderSource, on_delete=models.PROTECT, related_name="+", verbose_name="付款来源"
    )
    amount = models.BigIntegerField("退款金额")
    goes_to = models.CharField("退回到", max_length=12, choices=Destination)
    arrived_at = models.DateTimeField("到账时间", null=True, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c2="amount", c1="refund source goes_to arrived_at", in_clear={COUNTED: "amount"})

    class Meta:
        verbose_name = verbose_name_plural = "退款去向"
        ordering = ["refund", "source__place"]
        constraints = [
            models.UniqueConstraint(fields=["refund", "source"], name="a_refund_has_each_source_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_refund_part_is_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.refund} {self.source}"

    @property
    def going(self) -> Going:
        return Going(to=Destination(self.goes_to), amount=Fen(self.amount), arrived_at=self.arrived_at)
