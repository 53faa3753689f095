"""Campaigns: what is given for a while, for what, and how much of its budget is left."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from coupons.models.experiments import Experiment
from coupons.models.segments import Segment
from coupons.models.templates import template_names
from coupons.rules.campaigns import MOST_CASHBACK, CampaignKind, CashbackTerms, Goal
from coupons.rules.experiments import Arm
from coupons.rules.rewards import RewardKind, RewardTerms, reward_in_words
from wallet_project.approvals.agreed import Agreed, AgreedState, period
from wallet_project.kit import clock
from wallet_project.kit.money import Fen, yuan
from wallet_project.kit.places import places_in_words
from wallet_project.kit.privacy import COUNTED, Privacy

# What a copy and a checker take of a campaign as it is; its times, audience and tasks are said apart.
PLAIN_TERMS = (
    "name",
    "notes",
    "kind",
    "budget",
    "rate",
    "per_order",
    "least",
    "places",
    "per_person",
    "vest_days",
    "lasts_days",
    "new_people_only",
)


class Campaign(Agreed):
    """
    Fen of `budget`, of which `committed` are promised or given; what is revoked or lapses comes back.

    CASHBACK returns `rate` basis points of a purchase of at least `least`, at most `per_order`; TASKS gives
    for each of its tasks, of which a first top-up and a purchase must be of at least `least`. One person gets
    at most `per_person`. What it gives vests `vest_days` after its cause, and as money lasts `lasts_days`.
    Nothing is given while it is paused: by hand, or by itself when the budget does not suffice. It is for
    whoever is in its `segment`; of its `experiment`, for one `arm` or for everybody who is not held out.
    """

    name = models.CharField("名称", max_length=32)
    notes = models.CharField("活动说明", max_length=300, blank=True)
    kind = models.CharField("类型", max_length=8, choices=CampaignKind)
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    budget = models.BigIntegerField("预算")
    committed = models.BigIntegerField("已占用预算", default=0, editable=False)
    rate = models.PositiveIntegerField("返现比例（万分之一）", default=0)
    per_order = models.BigIntegerField("每单最多返现", default=0)
    least = models.BigIntegerField("满多少元", default=0)
    places = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name="门店")
    per_person = models.BigIntegerField("每人最多获得", null=True, blank=True)
    vest_days = models.PositiveSmallIntegerField("几天后发放", default=7)
    lasts_days = models.PositiveSmallIntegerField("发放后有效天数", null=True, blank=True)
    new_people_only = models.BooleanField("仅限新顾客", default=False)
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人群"
    )
    experiment = models.ForeignKey(
        Experiment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="对照实验"
    )
    arm = models.CharField(
        "方案", max_length=1, blank=True, choices=[(arm.value, f"方案 {arm.value}") for arm in (Arm.A, Arm.B)]
    )
    warned_at = models.DateTimeField("预算预警时间", null=True, editable=False)
    paused_at = models.DateTimeField("暂停时间", null=True, editable=False)
    paused_because = models.CharField("暂停原因", max_length=200, blank=True, editable=False)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        public="name notes kind starts_at ends_at budget committed rate per_order least places per_person"
        " vest_days lasts_days new_people_only segment experiment arm warned_at paused_at paused_because",
    )

    class Meta:
        verbose_name = verbose_name_plural = "营销活动"
        permissions = [
            ("approve_campaign", "审批营销活动"),
            ("pause_campaign", "暂停营销活动"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(committed__gte=0, committed__lte=F("budget")), name="a_budget_is_never_exceeded"
            ),
            models.CheckConstraint(
                condition=Q(kind=CampaignKind.CASHBACK, rate__gt=0, rate__lte=MOST_CASHBACK, per_order__gt=0)
                | Q(kind=CampaignKind.TASKS, rate=0, per_order=0),
                name="a_cashback_is_a_tenth_at_most",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_campaign_is_there_for_a_while"
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_because="")
                | (Q(paused_at__isnull=False) & ~Q(paused_because="")),
                name="a_paused_campaign_says_why",
            ),
            models.CheckConstraint(
                condition=Q(arm="") | Q(experiment__isnull=False), name="an_arm_is_of_an_experiment"
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], name="campaigns_that_run", condition=Q(state=AgreedState.LIVE)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cashback(self) -> CashbackTerms:
        return CashbackTerms(
            rate=self.rate, per_order=Fen(self.per_order), least=Fen(self.least), places=self.places
        )

    @property
    def left(self) -> int:
        return self.budget - self.committed

    @property
    def terms(self) -> dict[str, Any]:
        kept = {name: getattr(self, name) for name in PLAIN_TERMS}
        audience = {
            "segment": self.segment and self.segment.name,
            "who": [str(condition) for condition in self.segment.in_order] if self.segment else [],
            "experiment": self.experiment and self.experiment.key,
            "arm": self.arm,
        }
        times = {"starts_at": clock.iso(self.starts_at), "ends_at": clock.iso(self.ends_at)}
        return {**kept, **times, **audience, "tasks": [task.terms for task in self.tasks.all()]}

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        shown = {
            "活动": terms["name"],
            "类型": str(CampaignKind(terms["kind"]).label),
            "时间": period(terms),
            "预算（元）": yuan(terms["budget"]),
            "每人最多（元）": yuan(terms["per_person"]) if terms["per_person"] is not None else "不限",
            "发放": f"{terms['vest_days']} 天后" if terms["vest_days"] else "立即",
            "发放后有效": f"{terms['lasts_days']} 天" if terms["lasts_days"] else "长期",
            "门店": places_in_words(terms["places"]) or "不限",
            "对象": "仅限新顾客" if terms["new_people_only"] else "所有顾客",
            "人群": "：".join(filter(None, [terms["segment"], "；".join(terms["who"])])) or "不限",
            "对照实验": f"{terms['experiment']} {terms['arm']}".strip() if terms["experiment"] else "—",
        }
        least = yuan(terms["least"])
        if terms["rate"]:
            most = yuan(terms["per_order"])
            shown["返现"] = f"{terms['rate'] / 100:g}%，每单最多 {most} 元，满 {least} 元"
        elif terms["least"]:
            shown["首次充值、消费"] = f"满 {least} 元"
        shown["活动说明"] = terms["notes"] or "—"
        coupons = template_names(task["template_id"] for task in terms["tasks"])
        for task in terms["tasks"]:
            coupon = coupons.get(task["template_id"], "")
            given = reward_in_words(task["reward"], task["amount"], coupon=coupon)
            shown[f"任务：{task['title']}"] = f"{Goal(task['goal']).label}：{given}"
        return shown


class CampaignTask(models.Model):
    """One goal of a campaign, and what whoever reaches it gets: fen, points, or a coupon of `template`."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tasks", verbose_name="活动")
    goal = models.CharField("目标", max_length=16, choices=Goal)
    title = models.CharField("标题", max_length=32)
    reward = models.CharField("奖励", max_length=8, choices=RewardKind)
    amount = models.BigIntegerField("数额")
    template_id = models.BigIntegerField("优惠券模板", null=True, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(public="campaign goal title reward amount template_id")

    class Meta:
        verbose_name = verbose_name_plural = "活动任务"
        ordering = ["campaign", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "goal"], name="a_campaign_asks_for_a_goal_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_task_gives_something"),
            models.CheckConstraint(
                condition=Q(reward=RewardKind.COUPON, template_id__isnull=False)
                | (~Q(reward=RewardKind.COUPON) & Q(template_id=None)),
                name="a_task_names_its_coupon",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def terms(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("goal", "title", "reward", "amount", "template_id")}

    @property
    def reward_terms(self) -> RewardTerms:
        return RewardTerms(
            kind=RewardKind(self.reward),
            amount=self.amount,
            template_id=self.template_id,
            days=self.campaign.lasts_days,
        )


class CampaignPerson(models.Model):
    """What one person has been promised or given by one campaign, in fen (a point is one)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name="活动")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="顾客")
    got = models.BigIntegerField("已获得", default=0)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c2="got", c1="campaign user", in_clear={COUNTED: "got"})

    class Meta:
        verbose_name = verbose_name_plural = "活动参与"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user"], name="a_campaign_counts_a_person_once"),
            models.CheckConstraint(condition=Q(got__gte=0), name="nobody_got_less_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {yuan(self.got)}"
