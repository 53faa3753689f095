"""Which campaigns run, what one has done so far, and what it would have done yesterday."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import User
from coupons.models import Campaign, Purchase, Reward, SegmentMember
from coupons.rules.campaigns import CampaignKind, Goal, cashback_of, is_for_arm, task_source
from coupons.rules.rewards import MONEY, OPEN, RewardState, within
from coupons.selectors.experiments import arm_of
from coupons.selectors.segments import segments_of
from wallet_project.approvals.agreed import AgreedState
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
    return _on(at).filter(kind=kind).order_by("pk")


def campaigns_in_force() -> QuerySet[Campaign]:
    """What two people have put in force, the newest first, whether or not it is on just now."""
    return Campaign.objects.filter(state=AgreedState.LIVE).order_by("-pk")


def campaigns_on(*, at: datetime) -> QuerySet[Campaign]:
    """What runs now, what ends first before the others."""
    return _on(at).order_by("ends_at", "pk")


def campaigns_for(user_id: int) -> list[MyCampaign]:
    """What runs now for this person, and how far they are; in five queries at most."""
    running = list(campaigns_on(at=clock.now()))
    audiences = [campaign.segment_id for campaign in running if campaign.segment_id]
    segments = segments_of(user_id, among=audiences) if audiences else frozenset()
    joined_at = User.objects.values_list("created_at", flat=True).get(pk=user_id)
    campaigns = [
        campaign
        for campaign in running
        if campaign.segment_id in {None, *segments}
        and _has_arm(campaign, user_id)
        and (not campaign.new_people_only or joined_at >= campaign.starts_at)
    ]
    mine = Reward.objects.filter(user=user_id, campaign__in=campaigns)
    rewards: dict[int, list[Reward]] = {}
    for reward in mine:
        rewards.setdefault(reward.campaign_id or 0, []).append(reward)
    return [_mine(campaign, user_id, rewards.get(campaign.pk, [])) for campaign in campaigns]


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
    """
    What it would have given for what was bought yesterday, and to those who joined: within what one person
    may have, before its budget.
    """
    today = clock.start_of_day(clock.now())
    yesterday = (today - timedelta(days=1), today)
    purchases = Purchase.objects.filter(paid_at__gte=yesterday[0], paid_at__lt=yesterday[1], own__gt=0)
    joined = User.objects.filter(created_at__gte=yesterday[0], created_at__lt=yesterday[1], is_staff=False)
    if campaign.segment_id:
        members = SegmentMember.objects.filter(segment=campaign.segment_id).values("user")
        purchases, joined = purchases.filter(user__in=members), joined.filter(pk__in=members)
    if campaign.new_people_only:
        purchases = purchases.filter(user__in=joined)
    return _trial(campaign, _deserved(campaign, purchases, joined))


def _on(at: datetime) -> QuerySet[Campaign]:
    on = Campaign.objects.filter(state=AgreedState.LIVE, paused_at=None, starts_at__lte=at, ends_at__gt=at)
    return on.select_related("experiment").prefetch_related("tasks")


def _has_arm(campaign: Campaign, user_id: int) -> bool:
    return campaign.experiment is None or is_for_arm(campaign.arm, arm_of(campaign.experiment, user_id))


def _mine(campaign: Campaign, user_id: int, rewards: list[Reward]) -> MyCampaign:
    states = {reward.source: reward.state for reward in rewards}
    return MyCampaign(
        campaign=campaign,
        pending=_money(reward for reward in rewards if reward.state in OPEN),
        given=_money(reward for reward in rewards if reward.state == RewardState.GIVEN),
        tasks=[
            MyTask(
                goal=task.goal,
                title=task.title,
                reward=task.reward,
                amount=task.amount,
                state=states.get(task_source(campaign.pk, task.goal, user_id), "TODO"),
            )
            for task in campaign.tasks.all()
        ],
    )


def _money(rewards: Iterable[Reward]) -> Fen:
    return Fen(sum(reward.amount for reward in rewards if reward.kind in MONEY))


def _deserved(
    campaign: Campaign, purchases: QuerySet[Purchase], joined: QuerySet[User]
) -> Iterator[tuple[int, int]]:
    """(person, fen) for each thing that it rewards."""
    if campaign.kind == CampaignKind.CASHBACK:
        for purchase in purchases.iterator():
            yield (
                purchase.user_id,
                cashback_of(purchase.basket, own=Fen(purchase.own), terms=campaign.cashback),
            )
        return
    reached = {
        Goal.PURCHASE: purchases.values_list("user", flat=True).distinct(),
        Goal.REGISTERED: joined.values_list("pk", flat=True),
    }
    for task in campaign.tasks.all():
        for user_id in reached.get(Goal(task.goal), ()):
            yield user_id, task.amount


def _trial(campaign: Campaign, deserved: Iterable[tuple[int, int]]) -> CampaignTrial:
    got: dict[int, int] = {}
    rewards = 0
    for user_id, amount in deserved:
        may = within(amount, had=got.get(user_id, 0), most=campaign.per_person)
        if may and _has_arm(campaign, user_id):
            got[user_id] = got.get(user_id, 0) + may
            rewards += 1
    return CampaignTrial(people=len(got), rewards=rewards, amount=Fen(sum(got.values())))
