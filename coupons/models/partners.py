"""Partners: who bears which part of what a promotion costs, what that came to, and what they have paid."""

from typing import Any

from django.db import models
from django.db.models import Q

from wallet_project.approvals.agreed import Agreed, AgreedState, period
from wallet_project.kit import clock
from wallet_project.kit.fields import SealedField
from wallet_project.kit.models.base import AppendOnly, Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy


class Partner(Timestamped):
    """A company that pays a part of joint promotions, under a contract."""

    name = models.CharField("合作方", max_length=64, unique=True)
    contract = models.CharField("合同编号", max_length=64)
    settles = models.CharField("结算约定", max_length=200, help_text="例如：次月 10 日前对账，30 日内付款")
    contact_sealed = SealedField(
        "联系人（加密）", null=True, editable=False, belongs_to="coupons.partner.contact:{name}"
    )

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="name contract settles", c2="contact_sealed")

    class Meta:
        verbose_name = verbose_name_plural = "合作方"

    def __str__(self) -> str:
        return self.name


class JointPromotion(Agreed):
    """
    Of what coupons of a template, or rewards of a campaign, cost from `starts_at` on, a partner bears `share`
    basis points. A promotion has one partner at a time.
    """

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name="合作方")
    template = models.ForeignKey(
        "coupons.CouponTemplate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="优惠券",
    )
    campaign = models.ForeignKey(
        "coupons.Campaign", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="活动"
    )
    share = models.PositiveSmallIntegerField("合作方承担（万分之一）", help_text="5000 为 50%")
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间", null=True, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="partner template campaign share starts_at ends_at")

    class Meta:
        verbose_name = verbose_name_plural = "联合促销"
        permissions = [("approve_jointpromotion", "审批联合促销")]
        constraints = [
            models.CheckConstraint(
                condition=Q(template__isnull=True, campaign__isnull=False)
                | Q(template__isnull=False, campaign__isnull=True),
                name="a_joint_promotion_is_of_one_thing",
                violation_error_message="请选择一张优惠券或一个活动，只选其一",
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=10_000),
                name="a_partner_bears_a_part_at_most_all",
                violation_error_message="合作方承担的比例应为 1 至 10000",
            ),
            models.UniqueConstraint(
                fields=["template"], condition=Q(state=AgreedState.LIVE), name="a_coupon_has_one_partner"
            ),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state=AgreedState.LIVE), name="a_campaign_has_one_partner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {self.template or self.campaign}"

    @property
    def terms(self) -> dict[str, Any]:
        return {
            "partner": self.partner.name,
            "contract": self.partner.contract,
            "promotion": str(self.template or self.campaign),
            "template_id": self.template_id,
            "campaign_id": self.campaign_id,
            "share": self.share,
            "starts_at": clock.iso(self.starts_at),
            "ends_at": self.ends_at and clock.iso(self.ends_at),
        }

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        return {
            "合作方": f"{terms['partner']}（合同 {terms['contract']}）",
            "促销": terms["promotion"],
            "合作方承担": f"{terms['share'] / 100:g}%",
            "时间": period(terms),
        }


class PartnerShare(AppendOnly):
    """
    By so much the cost of one coupon or reward (`source`) has changed, and by so much what its partner owes
    us: signed fen. The rows of a source add up to what it costs and what they owe now.
    """

    promotion = models.ForeignKey(JointPromotion, models.PROTECT, related_name="+", verbose_name="联合促销")
    source = models.CharField("来由", max_length=72)
    step = models.PositiveSmallIntegerField("次序")
    reference = models.CharField("单号", max_length=64, blank=True)
    cost = models.BigIntegerField("成本")
    due = models.BigIntegerField("合作方承担")
    at = models.DateTimeField("时间")

    privacy = Privacy(c2="cost due", c1="promotion source step reference at", in_clear={COUNTED: "cost due"})

    class Meta:
        verbose_name = verbose_name_plural = "合作方分担明细"
        constraints = [
            models.UniqueConstraint(fields=["source", "step"], name="a_cost_changes_step_by_step"),
        ]
        indexes = [models.Index(fields=["promotion", "at"], name="shares_of_a_promotion")]

    def __str__(self) -> str:
        return self.source


class PartnerPayment(AppendOnly):
    """Fen that a partner has paid into our bank account, as two people have seen it."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name="合作方")
    amount = models.BigIntegerField("金额")
    bank_reference = models.CharField("银行流水号", max_length=64)
    received_on = models.DateField("到账日期")
    maker = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="申请人")
    checker = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="审批人")
    at = models.DateTimeField("入账时间")

    privacy = Privacy(public="partner amount bank_reference received_on", c1="maker checker at")

    class Meta:
        verbose_name = verbose_name_plural = "合作方付款"
        permissions = [("approve_partnerpayment", "审批合作方付款入账")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_partner_pays_something"),
            models.UniqueConstraint(
                fields=["partner", "bank_reference"], name="a_transfer_of_the_bank_is_booked_once"
            ),
        ]

    def __str__(self) -> str:
        return self.bank_reference
