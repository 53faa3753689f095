"""Who brought whom, on what terms, and what came of it."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from coupons.models.templates import template_names
from coupons.rules.referrals import ReferralEvent, Side, StepState, new_code
from coupons.rules.rewards import RewardKind, RewardTerms, reward_in_words
from wallet_project.approvals.agreed import Agreed, AgreedState
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.money import yuan
from wallet_project.kit.privacy import Privacy

_CAPS = {"per_day": "每天", "per_month": "每月", "per_life": "累计"}


class ReferralProgram(Agreed):
    """
    What is in force for whoever is bound now; whoever was bound before keeps the terms of then.

    A newcomer binds within `bind_hours` of registering. Rewards are given `delay_days` after their cause. The
    first top-up is of at least `least` fen, and so is the first purchase, of one's own money. The inviter is
    rewarded for so many steps `per_day`, `per_month` and `per_life` at most.
    """

    name = models.CharField("名称", max_length=32)
    bind_hours = models.PositiveSmallIntegerField("注册后几小时内可绑定", default=72)
    delay_days = models.PositiveSmallIntegerField("几天后发放", default=7)
    least = models.BigIntegerField("首次充值、消费满多少元", default=0)
    per_day = models.PositiveIntegerField("每天最多奖励次数", default=10)
    per_month = models.PositiveIntegerField("每月最多奖励次数", default=50)
    per_life = models.PositiveIntegerField("累计最多奖励次数", default=200)

    is_the_only_one = True
    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="name bind_hours delay_days least per_day per_month per_life")

    class Meta:
        verbose_name = verbose_name_plural = "邀请活动"
        permissions = [("approve_referralprogram", "审批邀请活动")]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=AgreedState.LIVE), name="one_referral_program_is_in_force"
            ),
            models.CheckConstraint(
                condition=Q(least__gte=0, bind_hours__gt=0, per_day__gt=0)
                & Q(per_month__gte=F("per_day"), per_life__gte=F("per_month")),
                name="a_referral_program_has_caps",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def binds_within(self) -> timedelta:
        return timedelta(hours=self.bind_hours)

    @property
    def terms(self) -> dict[str, Any]:
        names = ("name", "bind_hours", "delay_days", "least", "per_day", "per_month", "per_life")
        rewards = [reward.terms for reward in self.rewards.order_by("event", "side")] if self.pk else []
        return {**{name: getattr(self, name) for name in names}, "rewards": rewards}

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        least = terms["least"]
        coupons = template_names(each["template_id"] for each in terms["rewards"])
        return {
            "名称": terms["name"],
            "绑定": f"注册后 {terms['bind_hours']} 小时内",
            "首次充值、消费": f"满 ¥{yuan(least)}" if least else "不限金额",
            "发放": f"{terms['delay_days']} 天后",
            "每位邀请人最多": "，".join(f"{words} {terms[name]} 次" for name, words in _CAPS.items()),
            **{
                f"{ReferralEvent(each['event']).label}，{Side(each['side']).label}": _given(each, coupons)
                for each in terms["rewards"]
            },
        }


class ReferralReward(models.Model):
    """Of a program: what one side gets for one event. Columns of RewardTerms."""

    program = models.ForeignKey(ReferralProgram, models.CASCADE, related_name="rewards", verbose_name="活动")
    event = models.CharField("条件", max_length=16, choices=ReferralEvent)
    side = models.CharField("奖励给", max_length=8, choices=Side)
    kind = models.CharField("奖励", max_length=8, choices=RewardKind)
    amount = models.BigIntegerField("数量", help_text="积分为个数，其余为分；优惠券填其最高优惠")
    template = models.ForeignKey(
        "coupons.CouponTemplate",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="优惠券",
    )
    days = models.PositiveSmallIntegerField("赠金有效天数", null=True, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(public="program event side kind amount template days")

    class Meta:
        verbose_name = verbose_name_plural = "邀请奖励"
        constraints = [
            models.UniqueConstraint(
                fields=["program", "event", "side"], name="a_side_is_rewarded_once_per_event"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0)
                & (
                    Q(kind=RewardKind.COUPON, template__isnull=False)
                    | ~Q(kind=RewardKind.COUPON) & Q(template=None)
                ),
                name="a_referral_reward_is_of_something",
            ),
        ]

    def __str__(self) -> str:
        return _given(self.terms, template_names([self.template_id]))

    @property
    def terms(self) -> dict[str, Any]:
        names = ("event", "side", "kind", "amount", "template_id", "days")
        return {name: getattr(self, name) for name in names}

    @property
    def reward_terms(self) -> RewardTerms:
        return RewardTerms(
            kind=RewardKind(self.kind), amount=self.amount, template_id=self.template_id, days=self.days
        )


class InviteCode(models.Model):
    """Somebody's own code; `is_on_board`: their masked name may stand in the list of the month."""

    user = models.OneToOneField("accounts.User", models.PROTECT, related_name="+", verbose_name="顾客")
    code = models.CharField("邀请码", max_length=16, unique=True, default=new_code)
    is_on_board = models.BooleanField("参加排行榜", default=False)
    created_at = models.DateTimeField("生成时间", auto_now_add=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c1="user code is_on_board created_at")

    class Meta:
        verbose_name = verbose_name_plural = "邀请码"

    def __str__(self) -> str:
        return self.code


class Referral(AppendOnly):
    """
    One newcomer and who brought them: once, never oneself, and never in a circle, for accounts are numbered
    in the order in which they came. `network` is where the newcomer was when they were bound.
    """

    inviter = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="邀请人", db_index=False
    )
    newcomer = models.OneToOneField("accounts.User", models.PROTECT, related_name="+", verbose_name="新朋友")
    program = models.ForeignKey(ReferralProgram, models.PROTECT, related_name="+", verbose_name="活动")
    network = models.CharField("网络", max_length=64, blank=True)
    bound_at = models.DateTimeField("绑定时间")

    privacy = Privacy(c1="inviter newcomer program network bound_at")

    class Meta:
        verbose_name = verbose_name_plural = "邀请关系"
        constraints = [
            models.CheckConstraint(
                condition=Q(inviter__lt=F("newcomer")), name="whoever_invites_was_here_before"
            ),
        ]
        indexes = [
            models.Index(fields=["inviter", "-id"], name="referrals_of_an_inviter"),
            BrinIndex(fields=["bound_at"], name="referrals_by_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.bound_at:%Y-%m-%d %H:%M}"


class ReferralStep(models.Model):
    """
    What a newcomer has done that is rewarded, once each, and what was decided about it. `reference` is the
    purchase or the top-up. `is_capped`: the inviter has had as many as they may; `signs` are why it is `HELD`
    as `case`. Its moves are drawn in rules/referrals.py.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="steps", verbose_name="邀请关系")
    inviter = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="邀请人", db_index=False
    )
    event = models.CharField("条件", max_length=16, choices=ReferralEvent)
    state = models.CharField("状态", max_length=8, choices=StepState, default=StepState.REACHED)
    reference = models.CharField("关联单号", max_length=32, blank=True)
    reached_at = models.DateTimeField("达成时间")
    decide_at = models.DateTimeField("何时处理")
    decided_at = models.DateTimeField("处理时间", null=True)
    is_capped = models.BooleanField("邀请人已达上限", default=False)
    signs = models.JSONField("可疑之处", default=list)
    case = models.CharField("风控案件", max_length=32, blank=True)
    because = models.CharField("原因", max_length=100, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c1="referral inviter event state reference reached_at decide_at decided_at is_capped signs case"
        " because"
    )

    class Meta:
        verbose_name = verbose_name_plural = "邀请进度"
        constraints = [
            models.UniqueConstraint(fields=["referral", "event"], name="a_step_is_taken_once"),
            models.CheckConstraint(
                condition=Q(state="REACHED", decided_at=None)
                | (~Q(state="REACHED") & Q(decided_at__isnull=False)),
                name="a_judged_step_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="HELD") | ~Q(case=""), name="a_held_step_is_somebodys_case"
            ),
        ]
        indexes = [
            models.Index(fields=["decide_at"], name="steps_to_judge", condition=Q(state="REACHED")),
            models.Index(fields=["inviter", "decided_at"], name="steps_of_an_inviter"),
            models.Index(fields=["case"], name="steps_of_a_case", condition=~Q(case="")),
            BrinIndex(fields=["reached_at"], name="steps_by_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()} · {self.get_state_display()}"

    def source(self, side: str) -> str:
        """Under which side's reward for this step is known."""
        return f"referral:{self.pk}:{side}"

    @property
    def sources(self) -> list[str]:
        return [self.source(side) for side in Side]


def _given(terms: dict[str, Any], coupons: dict[int | None, str]) -> str:
    given = reward_in_words(terms["kind"], terms["amount"], coupon=coupons.get(terms["template_id"], ""))
    return f"{given}，{terms['days']} 天有效" if terms["days"] else given
