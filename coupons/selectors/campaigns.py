"""Which campaigns run, what one has done so far, and what it would have done yesterday."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from coupons.models import AgreedState, Campaign, Purchase, Reward
from coupons.rules.campaigns import CampaignKind, Goal, cashback_of
from coupons.rules.rewards import OPEN, RewardState, within
from wallet_project.kit import clock
from wallet_project.kit.money import Fen, yuan


@dataclass(frozen=True, kw_only=True)
class CampaignReport:
    """How many people it reached, and fen: still to be given, given, and taken back or lapsed."""

    people: int
    rewards: int
    pending: Fen
    given: Fen
    revoked: Fen


@dataclass(frozen=True, kw_only=True)
class CampaignTrial:
    """What it would have given on one day."""

    people: int
    rewards: int
    amount: Fen

    @property
    def in_words(self) -> str:
        return f"昨天会有 {self.people} 人获得 {self.rewards} 笔，共 {yuan(self.amount)} 元"


@dataclass(frozen=True, kw_only=True)
class MyTask:
    goal: str
    title: str
    reward: str
    amount: int
    state: str  # TODO, or that of its reward


@dataclass(frozen=True, kw_only=True)
class MyCampaign:
    """A campaign that runs, and what it has brought this person: fen still to come, and fen given."""

    campaign: Campaign
    pending: Fen
    given: Fen
    tasks: list[MyTask]


def running_campaigns(kind: CampaignKind, *, at: datetime) -> QuerySet[Campaign]:
    """Those that give something at this moment, with their tasks; in the order of their keys."""
    return _on(at).filter(kind=kind).prefetch_related("tasks").order_by("pk")


def campaigns_for(user_id: int) -> list[MyCampaign]:
    """What runs now, and how far this person is; in three queries."""
    campaigns = list(_on(clock.now()).prefetch_related("tasks").order_by("ends_at", "pk"))
    mine = Reward.objects.filter(user=user_id, campaign__in=campaigns)
    rewards: dict[int, list[Reward]] = {}
    for reward in mine:
        rewards.setdefault(reward.campaign_id or 0, []).append(reward)
    return [_mine(campaign, rewards.get(campaign.pk, ())) for campaign in campaigns]


def rewards_of(user_id: int) -> QuerySet[Reward]:
    """Theirs, newest first."""
    return Reward.objects.filter(user=user_id).select_related("campaign").order_by("-id")


def report_on(campaign_id: int) -> CampaignReport:
    found = Reward.objects.filter(campaign=campaign_id).aggregate(
        people=Count("user", distinct=True),
        rewards=Count("pk"),
        pending=Sum("amount", filter=Q(state__in=OPEN), default=0),
        given=Sum("amount", filter=Q(state=RewardState.GIVEN), default=0),
        promised=Sum("promised", default=0),
        left=Sum("amount", default=0),
    )
    return CampaignReport(
        people=found["people"],
        rewards=found["rewards"],
        pending=found["pending"],
        given=found["given"],
        revoked=Fen(found["promised"] - found["left"]),
    )


def try_on_yesterday(campaign: Campaign) -> CampaignTrial:
    """What it would have given for yesterday's purchases, before its budget: one query."""
    today = clock.start_of_day(clock.now())
    purchases = Purchase.objects.filter(paid_at__gte=today - timedelta(days=1), paid_at__lt=today)
    if campaign.kind == CampaignKind.CASHBACK:
        return _trial_of_cashback(campaign, purchases.iterator())
    task = next((task for task in campaign.tasks.all() if task.goal == Goal.PURCHASE), None)
    people = purchases.filter(own__gt=0).values("user").distinct().count() if task else 0
    return CampaignTrial(people=people, rewards=people, amount=Fen(people * task.amount if task else 0))


def _on(at: datetime) -> QuerySet[Campaign]:
    return Campaign.objects.filter(state=AgreedState.LIVE, paused_at=None, starts_at__lte=at, ends_at__gt=at)


def _mine(campaign: Campaign, rewards: Iterable[Reward]) -> MyCampaign:
    rewards = list(rewards)
    by_source = {reward.source: reward for reward in rewards}
    return MyCampaign(
        campaign=campaign,
        pending=Fen(sum(reward.amount for reward in rewards if reward.state in OPEN)),
        given=Fen(sum(reward.amount for reward in rewards if reward.state == RewardState.GIVEN)),
        tasks=[
            MyTask(
                goal=task.goal,
                title=task.title,
                reward=task.reward,
                amount=task.amount,
                state=next(
                    (
                        reward.state
                        for source, reward in by_source.items()
                        if source.startswith(f"campaign:{campaign.pk}:{task.goal}:")
                    ),
                    "TODO",
                ),
            )
            for task in campaign.tasks.all()
        ],
    )


def _trial_of_cashback(campaign: Campaign, purchases: Iterable[Purchase]) -> CampaignTrial:
    got: dict[int, int] = {}
    rewards = 0
    for purchase in purchases:
        amount = cashback_of(purchase.basket, own=Fen(purchase.own), terms=campaign.cashback)
        may = within(amount, had=got.get(purchase.user_id, 0), most=campaign.per_person)
        if may:
            got[purchase.user_id] = got.get(purchase.user_id, 0) + may
            rewards += 1
    return CampaignTrial(people=len(got), rewards=rewards, amount=Fen(sum(got.values())))
