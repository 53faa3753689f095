"""What somebody is promised because of something, until it is given."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from coupons.rules.rewards import OPEN, RewardKind, RewardState, RewardTerms
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy


class Reward(Timestamped):
    """
    `promised` fen (or points) under `source`, which is rewarded once ever; `amount` is what is left of it
    after returns, `owed` what was given, is gone and would have been taken back. `reference` names what it is
    for: when a part of that is undone, so is a part of the reward.

    Its moves are drawn in rules/rewards.py.
    """

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="顾客")
    campaign = models.ForeignKey(
        "coupons.Campaign", models.PROTECT, related_name="+", null=True, blank=True, verbose_name="活动"
    )
    source = models.CharField("来由", max_length=96, unique=True)
    reference = models.CharField("关联单号", max_length=32, blank=True)
    title = models.CharField("标题", max_length=64)
    kind = models.CharField("奖励", max_length=8, choices=RewardKind)
    template_id = models.BigIntegerField("优惠券模板", null=True, blank=True)
    promised = models.BigIntegerField("应发")
    amount = models.BigIntegerField("实发")
    owed = models.BigIntegerField("待扣回", default=0)
    lasts_days = models.PositiveSmallIntegerField("发放后有效天数", null=True, blank=True)
    state = models.CharField("状态", max_length=8, choices=RewardState)
    vests_at = models.DateTimeField("发放时间")
    given_at = models.DateTimeField("实际发放时间", null=True, blank=True)
    ended_because = models.CharField("取消原因", max_length=100, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="promised amount owed title",
        c1="user campaign source reference kind template_id lasts_days state vests_at given_at ended_because",
        in_clear={COUNTED: "promised amount owed", "what the customer reads": "title"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "奖励"
        constraints = [
            models.CheckConstraint(
                condition=Q(promised__gt=0, amount__gte=0, amount__lte=F("promised"), owed__gte=0),
                name="a_reward_is_of_something",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, given_at=None, amount__gt=0, owed=0) | ~Q(state__in=OPEN),
                name="an_open_reward_is_not_given_yet",
            ),
            models.CheckConstraint(
                condition=~Q(state="GIVEN") | Q(given_at__isnull=False), name="a_given_reward_says_when"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="reward_of_user"),
            models.Index(fields=["vests_at"], name="reward_due", condition=Q(state="PENDING")),
            models.Index(fields=["reference"], name="reward_by_reference", condition=~Q(reference="")),
            models.Index(fields=["campaign", "state"], name="reward_of_campaign"),
            BrinIndex(fields=["created_at"], name="reward_by_promising", autosummarize=True),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def terms(self) -> RewardTerms:
        """What is left of it."""
        return RewardTerms(
            kind=RewardKind(self.kind), amount=self.amount, template_id=self.template_id, days=self.lasts_days
        )
