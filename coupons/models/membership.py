"""Membership: what makes people grow, which tiers there are, where everybody stands, and why."""

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from coupons.rules.membership import ORDINARY, ChangeCause, GrowthEvent, Place, Rung
from coupons.rules.offer_words import percent
from wallet_project.approvals.agreed import Agreed, AgreedState
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import COUNTED, Privacy


class GrowthRule(Agreed):
    """How much one such event makes somebody grow; one rule of each event is in force."""

    event = models.CharField("场景", max_length=16, choices=GrowthEvent)
    value = models.PositiveIntegerField("成长值", help_text="消费：每 1 元自有资金；其他：每次")

    is_the_only_one = True
    one_per = ("event",)
    privacy = Privacy(public="event value")

    class Meta:
        verbose_name = verbose_name_plural = "成长值规则"
        permissions = [("approve_growthrule", "审批成长值规则")]
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(state="LIVE"), name="an_event_makes_grow_by_one_rule"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()} +{self.value}"

    @property
    def terms(self) -> dict[str, Any]:
        return {"event": self.event, "value": self.value}

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        return {
            "场景": str(GrowthEvent(terms["event"]).label),
            "成长值": f"{terms['value']}{'（每 1 元自有资金）' if terms['event'] == 'SPENT' else '（每次）'}",
        }


class MembershipTier(Agreed):
    """
    One version of a tier (rules.membership.Rung) and what it gives: points at `points_rate` basis points, the
    fee schedules of `fee_tier`, limits `limit_uplift` basis points higher, one coupon of `template` a month,
    and an earlier answer from support the higher `support_priority` is. Of each code one is in force.
    """

    code = models.SlugField("代码", max_length=32, help_text="不再更改，如 gold")
    name = models.CharField("名称", max_length=16)
    name_en = models.CharField("英文名称", max_length=32)
    threshold = models.PositiveIntegerField("所需成长值")
    protected_months = models.PositiveSmallIntegerField("保级月数", default=0)
    grace_days = models.PositiveSmallIntegerField("宽限天数", default=30)
    points_rate = models.PositiveIntegerField("积分倍率（万分之一）", default=ORDINARY)
    fee_tier = models.SlugField(
        "收费等级", max_length=32, blank=True, help_text="收费标准里的会员等级；不填为普通收费"
    )
    limit_uplift = models.PositiveIntegerField("限额提升（万分之一）", default=0)
    template = models.ForeignKey(
        "coupons.CouponTemplate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="每月专享券",
    )
    support_priority = models.PositiveSmallIntegerField("客服优先级", default=0, help_text="数字越大越优先")

    is_the_only_one = True
    one_per = ("code",)
    privacy = Privacy(
        public="code name name_en threshold protected_months grace_days points_rate fee_tier limit_uplift"
        " template support_priority"
    )

    class Meta:
        verbose_name = verbose_name_plural = "会员等级"
        permissions = [("approve_membershiptier", "审批会员等级")]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(state="LIVE"), name="a_tier_has_one_version_in_force"
            ),
            models.UniqueConstraint(
                fields=["threshold"], condition=Q(state="LIVE"), name="two_tiers_begin_at_two_lines"
            ),
            models.CheckConstraint(
                condition=Q(points_rate__gte=ORDINARY, points_rate__lte=10 * ORDINARY),
                name="a_tier_earns_no_fewer_points",
            ),
            models.CheckConstraint(
                condition=Q(threshold__gt=0) | Q(fee_tier="", limit_uplift=0),
                name="what_everybody_has_is_no_privilege",
            ),
            models.CheckConstraint(
                condition=Q(limit_uplift__lte=ORDINARY), name="a_tier_doubles_limits_at_most"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rung(self) -> Rung:
        return Rung(
            code=self.code,
            threshold=self.threshold,
            protected_months=self.protected_months,
            grace_days=self.grace_days,
        )

    @property
    def benefits(self) -> dict[str, Any]:
        """As rules.tier_words says them."""
        return {
            "points_rate": self.points_rate,
            "fee_tier": self.fee_tier,
            "limit_uplift": self.limit_uplift,
            "coupon": self.template.name if self.template else "",
            "support_priority": self.support_priority,
        }

    @property
    def terms(self) -> dict[str, Any]:
        names = [name for name in vars(type(self))["privacy"].public.split() if name != "template"]
        return {
            **{name: getattr(self, name) for name in names},
            "template_id": self.template_id,
            "template": self.template.name if self.template else "",
        }

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        return {
            "名称": f"{terms['name']}（{terms['name_en']}，{terms['code']}）",
            "所需成长值": f"{terms['threshold']:,}",
            "保级": f"{terms['protected_months']} 个整月，宽限 {terms['grace_days']} 天",
            "积分倍率": f"{terms['points_rate'] / ORDINARY:g} 倍",
            "收费等级": terms["fee_tier"] or "普通",
            "限额提升": percent(terms["limit_uplift"]) if terms["limit_uplift"] else "—",
            "每月专享券": terms["template"] or "—",
            "客服优先级": str(terms["support_priority"]),
        }


def tier_in_words(code: str) -> str:
    """Its name while it is in force."""
    live = MembershipTier.objects.filter(code=code, state=AgreedState.LIVE) if code else None
    return (live and live.values_list("name", flat=True).first()) or code


class Membership(models.Model):
    """
    Somebody's tier, their value as of `valued_on`, and when the tier may end (rules.membership.Place). Their
    row is locked before anything of theirs is changed; who has none is on the lowest tier with no growth.
    `given` says which month's coupon of which tier they have had last.
    """

    user = models.OneToOneField(
        "accounts.User", models.PROTECT, primary_key=True, related_name="+", verbose_name="顾客"
    )
    tier = models.CharField("会员等级", max_length=32)
    value = models.IntegerField("成长值", default=0)
    valued_on = models.DateField("成长值日期")
    protected_until = models.DateField("保级至")
    grace_until = models.DateField("宽限至", null=True)
    given = models.CharField("最近专享券", max_length=48, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c2="value",
        c1="user tier valued_on protected_until grace_until given",
        in_clear={COUNTED: "value"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "会员"
        permissions = [
            ("change_tier", "申请调整会员等级"),
            ("approve_change_tier", "审批调整会员等级"),
        ]
        indexes = [
            models.Index(fields=["valued_on"], name="memberships_to_review"),
            models.Index(
                fields=["grace_until"], condition=Q(grace_until__isnull=False), name="memberships_ending"
            ),
            models.Index(fields=["tier", "given"], name="memberships_to_give_to"),
        ]

    def __str__(self) -> str:
        return f"{self.user} 的会员"

    @property
    def place(self) -> Place:
        return Place(tier=self.tier, protected_until=self.protected_until, grace_until=self.grace_until)


class GrowthEntry(models.Model):
    """
    Somebody grew, or what made them grow went back. It counts in the month of `counted_on`: what goes back,
    in that of its purchase. `per_yuan` is what a yuan of that purchase counted.
    """

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    event = models.CharField("场景", max_length=16, choices=GrowthEvent)
    value = models.IntegerField("成长值")
    per_yuan = models.PositiveIntegerField("每元成长值", default=0)
    title = models.CharField("说明", max_length=64)
    source = models.CharField("来源", max_length=96, unique=True)
    reference = models.CharField("业务单号", max_length=64, blank=True)
    counted_on = models.DateField("计入日期")
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(
        c2="value title",
        c1="user event per_yuan source reference counted_on at",
        in_clear={COUNTED: "value", "what somebody is rewarded by": "title"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "成长值明细"
        indexes = [
            models.Index(fields=["user", "counted_on"], include=["value"], name="growth_of_a_person"),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="growth_of_a_purchase"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.value:+}"


class MembershipChange(AppendOnly):
    """Why somebody's tier is what it is; from one to the same where it is about to end, or is kept."""

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    before = models.CharField("原等级", max_length=32)
    after = models.CharField("新等级", max_length=32)
    cause = models.CharField("原因", max_length=8, choices=ChangeCause)
    value = models.IntegerField("成长值")
    reason = models.CharField("说明", max_length=200, blank=True)
    maker_id = models.BigIntegerField("申请人", null=True)
    checker_id = models.BigIntegerField("审批人", null=True)
    at = models.DateTimeField("时间")

    privacy = Privacy(
        c2="value", c1="user before after cause reason maker_id checker_id at", in_clear={COUNTED: "value"}
    )

    class Meta:
        verbose_name = verbose_name_plural = "会员等级变动"
        constraints = [
            models.CheckConstraint(condition=~Q(maker_id=F("checker_id")), name="nobody_gives_a_tier_alone"),
            models.CheckConstraint(
                condition=Q(cause="BY_HAND", maker_id__isnull=False, checker_id__isnull=False)
                | (~Q(cause="BY_HAND") & Q(maker_id=None, checker_id=None)),
                name="a_tier_given_by_hand_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="membership_log"),
            BrinIndex(fields=["at"], name="membership_log_by_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
