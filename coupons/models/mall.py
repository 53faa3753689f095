"""Goods for points, and who took them."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from coupons.rules.mall import GoodKind, MallOrderState
from wallet_project.approvals.agreed import Agreed, period
from wallet_project.kit import clock
from wallet_project.kit.fields import BlindIndexField, SealedField, open_column
from wallet_project.kit.money import yuan
from wallet_project.kit.privacy import COUNTED, Privacy

PICK_UP_PURPOSE = "coupons.mallorder.code"


class Good(Agreed):
    """
    So many `points` each; `taken` of `stock` are gone, and one person may take `per_person`.

    CREDIT is `credit` fen of bonus for `credit_days` (None: for good), COUPON a coupon of `template`.
    """

    name = models.CharField("名称", max_length=32)
    kind = models.CharField("类型", max_length=16, choices=GoodKind)
    description = models.CharField("说明", max_length=200, blank=True)
    points = models.PositiveIntegerField("所需积分")
    credit = models.BigIntegerField("余额（赠金）", null=True, blank=True)
    credit_days = models.PositiveSmallIntegerField("赠金有效天数", null=True, blank=True)
    template = models.ForeignKey(
        "coupons.CouponTemplate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="优惠券",
    )
    pick_up_at = models.CharField("自提地点", max_length=64, blank=True)
    stock = models.PositiveIntegerField("库存")
    taken = models.PositiveIntegerField("已兑", default=0, editable=False)
    per_person = models.PositiveSmallIntegerField("每人限兑", null=True, blank=True)
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间", null=True, blank=True)

    privacy = Privacy(
        public="name kind description points credit credit_days template pick_up_at stock taken per_person"
        " starts_at ends_at"
    )

    class Meta:
        verbose_name = verbose_name_plural = "积分商品"
        permissions = [("approve_good", "审批积分商品")]
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("stock")), name="no_more_goods_than_there_are"),
            models.CheckConstraint(condition=Q(points__gt=0), name="a_good_costs_points"),
            models.CheckConstraint(
                condition=Q(kind="CREDIT", credit__gt=0, template=None, pick_up_at="")
                | Q(kind="COUPON", credit=None, template__isnull=False, pick_up_at="")
                | (Q(kind="PHYSICAL", credit=None, template=None) & ~Q(pick_up_at=""))
                | Q(kind="MAKE_UP_CARD", credit=None, template=None, pick_up_at=""),
                name="a_good_is_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(credit=None) | Q(credit__lte=F("points")),
                name="a_point_is_worth_no_more_credit_than_it_is_booked_at",
            ),
            models.CheckConstraint(
                condition=Q(per_person=None) | Q(per_person__gt=0), name="a_good_may_be_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="a_good_is_there_for_a_while"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> dict[str, Any]:
        names = (
            "name",
            "kind",
            "description",
            "points",
            "credit",
            "credit_days",
            "template_id",
            "pick_up_at",
        )
        return {
            **{name: getattr(self, name) for name in (*names, "stock", "per_person")},
            "template": str(self.template or ""),
            "starts_at": clock.iso(self.starts_at),
            "ends_at": self.ends_at and clock.iso(self.ends_at),
        }

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        shown = {
            "商品": f"{terms['name']}（{GoodKind(terms['kind']).label}）",
            "所需积分": str(terms["points"]),
            "库存": str(terms["stock"]),
            "每人限兑": str(terms["per_person"] or "不限"),
            "时间": period(terms),
        }
        if terms["credit"]:
            days = f"{terms['credit_days']} 天" if terms["credit_days"] else "长期有效"
            shown["赠金（元）"] = f"{yuan(terms['credit'])}，{days}"
        if terms["template"]:
            shown["优惠券"] = terms["template"]
        if terms["pick_up_at"]:
            shown["自提地点"] = terms["pick_up_at"]
        return shown


class MallOrder(models.Model):
    """
    One good for points. `nth` is how often its customer has taken this good with it, so the database sees
    when it is too often; one that was cancelled does not count. What is picked up has a code, which its owner
    shows.
    """

    number = models.CharField("兑换单号", max_length=32, unique=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="顾客")
    good = models.ForeignKey(Good, models.PROTECT, related_name="+", verbose_name="积分商品")
    points = models.PositiveIntegerField("积分")
    nth = models.PositiveIntegerField("第几次", null=True)
    per_person = models.PositiveSmallIntegerField("每人限兑", null=True)
    state = models.CharField("状态", max_length=12, choices=MallOrderState)
    code_sealed = SealedField(null=True, belongs_to="coupons.mallorder.code:{number}")
    code_hash = BlindIndexField(null=True, unique=True, purpose=PICK_UP_PURPOSE, of="pick_up_code")
    made_at = models.DateTimeField("兑换时间")
    ended_at = models.DateTimeField("办结时间", null=True)
    ended_by = models.CharField("办结人", max_length=64, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c3="code_sealed code_hash",
        c2="points",
        c1="number user good nth per_person state made_at ended_at ended_by",
        in_clear={COUNTED: "points"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "积分兑换"
        permissions = [("redeem_mallorder", "核销、取消积分兑换")]
        constraints = [
            models.UniqueConstraint(fields=["good", "user", "nth"], name="a_good_is_taken_one_by_one"),
            models.CheckConstraint(
                condition=Q(per_person=None) | Q(nth__lte=F("per_person")),
                name="a_good_is_not_taken_too_often",
            ),
            models.CheckConstraint(
                condition=Q(state="DONE", code_hash=None) | (~Q(state="DONE") & Q(code_hash__isnull=False)),
                name="what_is_picked_up_has_a_code",
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="mall_orders_of_user")]

    def __str__(self) -> str:
        return self.number

    @property
    def pick_up_code(self) -> str | None:
        return open_column(self, "code_sealed") if self.code_sealed else None
