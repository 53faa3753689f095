"""Points: what somebody has, the lots they came in, what orders took of them, and all that happened."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from coupons.rules.points import WORTH_LEAST, ExpiryMode, HistoryKind, SpendState, last_day
from wallet_project.approvals.agreed import Agreed
from wallet_project.kit import clock
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import COUNTED, Privacy


class PointsPolicy(Agreed):
    """
    How long points last and what they buy. Points of a purchase become active `refund_days` after it and
    last `months` from then; `notice_days` before their end their owner hears of it. `per_yuan` points pay one
    yuan, of an order at most `order_share` basis points.
    """

    mode = models.CharField("有效期方式", max_length=12, choices=ExpiryMode)
    months = models.PositiveSmallIntegerField("有效月数")
    notice_days = models.PositiveSmallIntegerField("提前几天提醒")
    refund_days = models.PositiveSmallIntegerField("消费后几天生效")
    per_yuan = models.PositiveIntegerField("多少积分抵 1 元")
    order_share = models.PositiveIntegerField("每单最多抵扣（万分之一）")

    is_the_only_one = True
    privacy = Privacy(public="mode months notice_days refund_days per_yuan order_share")

    class Meta:
        verbose_name = verbose_name_plural = "积分政策"
        permissions = [("approve_pointspolicy", "审批积分政策")]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="LIVE"), name="one_points_policy_is_in_force"
            ),
            models.CheckConstraint(
                condition=Q(per_yuan__gte=WORTH_LEAST), name="a_point_buys_no_more_than_it_is_booked_at"
            ),
            models.CheckConstraint(condition=Q(order_share__lte=10_000), name="points_pay_one_order_at_most"),
            models.CheckConstraint(condition=Q(months__gte=1), name="points_last_a_month_at_least"),
        ]

    def __str__(self) -> str:
        return f"积分政策 {self.pk}"

    def end_of(self, begins: datetime) -> datetime:
        """When points end that can be used from `begins` on: the midnight after their last day."""
        first = clock.business_day(begins)
        return clock.beginning_of(
            last_day(mode=self.mode, months=self.months, first=first) + timedelta(days=1)
        )

    @property
    def terms(self) -> dict[str, Any]:
        names = ("mode", "months", "notice_days", "refund_days", "per_yuan", "order_share")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        return {
            "有效期": f"{terms['months']} 个月，至{ExpiryMode(terms['mode']).label}",
            "到期提醒": f"提前 {terms['notice_days']} 天",
            "消费所得": f"{terms['refund_days']} 天后生效",
            "抵扣": f"{terms['per_yuan']} 积分抵 1 元，每单最多抵 {terms['order_share'] / 100:g}%",
        }


class PointsAccount(models.Model):
    """
    Somebody's points. `debt` are points of a purchase that went back after they were spent: what becomes
    active pays it first, so whoever owes has none. Their row is locked before anything of theirs is changed.
    """

    user = models.OneToOneField(
        "accounts.User", models.PROTECT, primary_key=True, related_name="+", verbose_name="顾客"
    )
    pending = models.BigIntegerField("待生效", default=0)
    active = models.BigIntegerField("可用", default=0)
    reserved = models.BigIntegerField("预留", default=0)
    debt = models.BigIntegerField("欠缴", default=0)
    make_up_cards = models.IntegerField("补签卡", default=0)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="pending active reserved debt make_up_cards",
        c1="user",
        in_clear={COUNTED: "pending active reserved debt make_up_cards"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "积分账户"
        constraints = [
            models.CheckConstraint(
                condition=Q(pending__gte=0, active__gte=0, reserved__gte=0, debt__gte=0),
                name="points_are_never_negative",
            ),
            models.CheckConstraint(condition=Q(debt=0) | Q(active=0), name="who_owes_points_has_none"),
            models.CheckConstraint(condition=Q(make_up_cards__gte=0), name="a_make_up_card_is_used_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} 的积分"

    @property
    def owed(self) -> int:
        """What we owe this person."""
        return self.pending + self.active + self.reserved


class PointsLot(models.Model):
    """
    Points that came together, under a `source` that gives points once ever. Each of them is `left`,
    `reserved`, `spent`, `expired` or `taken` back. `owed` of them were taken back when they had been spent.

    Pending until `active_at`; what is left then can be used until `expires_at`.
    """

    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="lots", verbose_name="积分账户")
    source = models.CharField("来源", max_length=96, unique=True)
    rule = models.ForeignKey(
        "coupons.PointRule", models.PROTECT, null=True, related_name="+", verbose_name="积分规则"
    )
    title = models.CharField("说明", max_length=64)
    reference = models.CharField("业务单号", max_length=64, blank=True)
    amount = models.BigIntegerField("积分")
    left = models.BigIntegerField("剩余")
    reserved = models.BigIntegerField("预留", default=0)
    spent = models.BigIntegerField("已用", default=0)
    expired = models.BigIntegerField("已过期", default=0)
    taken = models.BigIntegerField("已收回", default=0)
    owed = models.BigIntegerField("转欠缴", default=0)
    is_pending = models.BooleanField("待生效")
    is_announced = models.BooleanField("已提醒到期", default=False)
    given_at = models.DateTimeField("发放时间")
    active_at = models.DateTimeField("生效时间")
    expires_at = models.DateTimeField("到期时间")

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="title amount left reserved spent expired taken owed",
        c1="account source rule reference is_pending is_announced given_at active_at expires_at",
        in_clear={
            COUNTED: "amount left reserved spent expired taken owed",
            "what somebody is rewarded by": "title",
        },
    )

    class Meta:
        verbose_name = verbose_name_plural = "积分批次"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0)
                & Q(left__gte=0, reserved__gte=0, spent__gte=0, expired__gte=0, taken__gte=0, owed__gte=0)
                & Q(amount=F("left") + F("reserved") + F("spent") + F("expired") + F("taken")),
                name="every_point_of_a_lot_is_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=F("taken") + F("owed")), name="no_more_of_a_lot_is_taken_back"
            ),
            models.CheckConstraint(
                condition=Q(is_pending=False) | Q(reserved=0, spent=0, expired=0),
                name="pending_points_are_not_used",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "expires_at", "id"],
                condition=Q(is_pending=False, left__gt=0),
                name="lots_to_take_from",
            ),
            models.Index(
                fields=["active_at"], condition=Q(is_pending=True, left__gt=0), name="lots_to_activate"
            ),
            models.Index(
                fields=["expires_at"], condition=Q(is_pending=False, left__gt=0), name="lots_to_expire"
            ),
            models.Index(fields=["rule", "account", "given_at"], name="lots_of_a_rule"),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="lots_of_a_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.amount}"

    @property
    def state(self) -> str:
        """PENDING → ACTIVE → whichever way its last points went."""
        if self.is_pending and self.left:
            return "PENDING"
        if self.left or self.reserved:
            return "ACTIVE"
        return "SPENT" if self.spent else "EXPIRED" if self.expired else "TAKEN_BACK"


class PointsSpend(models.Model):
    """What one reference takes: RESERVED → USED, or FREED and free to be tried again."""

    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="+", verbose_name="积分账户")
    reference = models.CharField("业务单号", max_length=64)
    title = models.CharField("说明", max_length=64)
    points = models.BigIntegerField("积分")
    state = models.CharField("状态", max_length=8, choices=SpendState, default=SpendState.RESERVED)
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c2="points", c1="account reference title state at", in_clear={COUNTED: "points"})

    class Meta:
        verbose_name = verbose_name_plural = "积分使用"
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(state=SpendState.FREED),
                name="a_reference_takes_points_once",
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="a_spend_takes_points"),
        ]

    def __str__(self) -> str:
        return self.reference


class PointsSpendPart(models.Model):
    """How much of it was taken of which lot, and how much of that came back."""

    spend = models.ForeignKey(PointsSpend, models.PROTECT, related_name="parts", verbose_name="积分使用")
    lot = models.ForeignKey(PointsLot, models.PROTECT, related_name="+", verbose_name="积分批次")
    points = models.BigIntegerField("积分")
    returned = models.BigIntegerField("已退回", default=0)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c2="points returned", c1="spend lot", in_clear={COUNTED: "points returned"})

    class Meta:
        verbose_name = verbose_name_plural = "积分使用明细"
        constraints = [
            models.UniqueConstraint(fields=["spend", "lot"], name="a_spend_takes_a_lot_once"),
            models.CheckConstraint(
                condition=Q(points__gt=0, returned__gte=0, returned__lte=F("points")),
                name="no_more_points_return_than_were_taken",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.spend} {self.points}"


class PointsEntry(AppendOnly):
    """
    One line of somebody's history. All of their points together are what we owe them; `owed` became a debt.
    """

    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="+", verbose_name="积分账户")
    kind = models.CharField("类型", max_length=12, choices=HistoryKind)
    points = models.BigIntegerField("积分")
    owed = models.BigIntegerField("转欠缴", default=0)
    title = models.CharField("说明", max_length=64)
    reference = models.CharField("业务单号", max_length=64, blank=True)
    source = models.CharField("来源", max_length=96, blank=True)
    at = models.DateTimeField("时间")

    privacy = Privacy(
        c2="points owed title",
        c1="account kind reference source at",
        in_clear={COUNTED: "points owed", "what somebody is rewarded by": "title"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "积分明细"
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=~Q(source=""), name="points_come_from_a_source_once"
            )
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="points_history"),
            BrinIndex(fields=["at"], name="points_by_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.points:+}"
