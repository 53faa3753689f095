"""Campaigns: what happens that one of them rewards, and who stops them and lets them go on."""

from datetime import timedelta
from fractions import Fraction

from django.db import transaction

from accounts.models import User
from coupons.errors import CampaignNotRunning, CampaignRuns
from coupons.models import Campaign, CampaignTask, Purchase, Reward
from coupons.models.campaigns import PLAIN_TERMS
from coupons.rules.campaigns import (
    FIRST_TIMES,
    CampaignKind,
    Goal,
    cashback_of,
    is_for_arm,
    task_source,
)
from coupons.rules.membership import GrowthEvent
from coupons.rules.rewards import RewardKind, RewardState, RewardTerms
from coupons.selectors.campaigns import running_campaigns
from coupons.selectors.segments import is_in
from coupons.services.experiments import meet
from coupons.services.growth import grow
from coupons.services.purchases import lock_purchase
from coupons.services.real_people import claim_person
from coupons.services.reward_returns import revoke_rewards, take_back_rewards
from coupons.services.rewards import give_reward
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

_COPIED = (*PLAIN_TERMS, "starts_at", "ends_at", "segment", "experiment", "arm")


def reward_purchase_by_campaigns(*, reference: str) -> None:
    """
    Every campaign that runs gives back a part of this purchase; several have budgets apart.

    Must be called in a transaction; does nothing the second time.

    :raises Paused: nothing is given at the moment
    """
    require_going(Flow.COUPONS)
    purchase = lock_purchase(reference)
    own = Fen(purchase.own)
    for campaign in running_campaigns(CampaignKind.CASHBACK, at=purchase.paid_at):
        amount = cashback_of(purchase.basket, own=own, terms=campaign.cashback)
        if amount and _is_for(campaign, purchase.user_id):
            give_reward(
                user_id=purchase.user_id,
                terms=RewardTerms(kind=RewardKind.CASHBACK, amount=amount, days=campaign.lasts_days),
                source=f"campaign:{campaign.pk}:{reference}",
                title=campaign.name,
                campaign=campaign,
                vests_at=purchase.paid_at + timedelta(days=campaign.vest_days),
                reference=reference,
            )
    if own:
        reach_goal(user_id=purchase.user_id, goal=Goal.PURCHASE, amount=own, reference=reference)
    _take_back(purchase)  # what went back may be heard of before what was bought


def take_back_for_return(*, reference: str) -> None:
    """Must be called in a transaction; does nothing the second time."""
    _take_back(lock_purchase(reference))


def undo(*, reference: str, kept: Fraction) -> None:
    """
    Only so much of this is left, and so of what was given for it. With nothing left a task is undone, and
    what was given for all tasks, too.

    Must be called in a transaction; said again, or with more left, it does nothing.
    """
    take_back_rewards(reference=reference, kept=kept.numerator, of=kept.denominator)
    if kept:
        return
    undone = Reward.objects.filter(reference=reference, campaign__kind=CampaignKind.TASKS)
    for campaign_id, user_id in list(undone.values_list("campaign", "user")):
        revoke_rewards(sources=[task_source(campaign_id, Goal.ALL_DONE, user_id)], because="退款")


def reach_goal(*, user_id: int, goal: Goal, amount: Fen | None = None, reference: str = "") -> None:
    """
    Somebody has done what tasks of running campaigns ask for; with money, for campaigns that ask for no more
    than this `amount`.

    Must be called in a transaction; does nothing the second time.

    :raises Paused: nothing is given at the moment
    """
    require_transaction()
    require_going(Flow.COUPONS)
    now = clock.now()
    for campaign in running_campaigns(CampaignKind.TASKS, at=now):
        tasks = {task.goal: task for task in campaign.tasks.all()}
        if goal not in tasks or not _is_for(campaign, user_id):
            continue
        if amount is not None and amount < campaign.least:
            continue
        if goal in FIRST_TIMES and not _is_first(campaign, user_id):
            continue
        _reward_task(campaign, tasks[goal], user_id=user_id, reference=reference)
        if (all_done := tasks.pop(Goal.ALL_DONE, None)) and _done(campaign, user_id) >= len(tasks):
            _reward_task(campaign, all_done, user_id=user_id, reference="")


def pause_campaign(*, campaign_id: int, reason: str) -> Campaign:
    """
    One person stops it, at once; what was promised is still given.

    :raises CampaignNotRunning: it gives nothing anyway
    """
    with transaction.atomic():
        campaign = _locked(campaign_id)
        if campaign.state != AgreedState.LIVE or campaign.paused_at is not None:
            raise CampaignNotRunning
        campaign.paused_at, campaign.paused_because = clock.now(), reason
        campaign.save(update_fields=["paused_at", "paused_because"])
        _audit(campaign, "paused", reason=reason)
    return campaign


def propose_going_on(*, campaign_id: int, budget: Fen, reason: str, maker_id: int) -> None:
    """
    Ask a second person to let it go on, or to give it another budget.

    :raises CampaignRuns: it runs, and its budget stays
    :raises CampaignNotRunning: it is a draft, or over
    :raises AlreadyProposed: somebody has asked already
    """
    campaign = Campaign.objects.get(pk=campaign_id)
    if campaign.state != AgreedState.LIVE:
        raise CampaignNotRunning
    if campaign.paused_at is None and budget == campaign.budget:
        raise CampaignRuns
    propose(
        kind="coupons.campaign_goes_on",
        subject=f"campaign:{campaign_id}",
        facts={
            "campaign_id": campaign_id,
            "name": campaign.name,
            "before": campaign.budget,
            "budget": budget,
            "committed": campaign.committed,
            "paused_because": campaign.paused_because,
            "reason": reason,
        },
        reason=reason,
        maker_id=maker_id,
    )


def go_on(*, campaign_id: int, budget: Fen, reason: str) -> Campaign:
    """
    What two people agreed on, in the transaction that approves it.

    :raises CampaignNotRunning: it is over
    :raises CampaignRuns: more than this budget is promised already
    """
    require_transaction()
    campaign = _locked(campaign_id)
    if campaign.state != AgreedState.LIVE:
        raise CampaignNotRunning
    if budget < campaign.committed:
        raise CampaignRuns
    campaign.budget, campaign.paused_at, campaign.paused_because = budget, None, ""
    campaign.warned_at = None
    campaign.save(update_fields=["budget", "paused_at", "paused_because", "warned_at"])
    _audit(campaign, "goes_on", reason=reason)
    return campaign


def clone_campaign(*, campaign_id: int) -> Campaign:
    """A new draft with the same terms."""
    with transaction.atomic():
        original = Campaign.objects.prefetch_related("tasks").get(pk=campaign_id)
        copied = {name: getattr(original, name) for name in _COPIED}
        copy = Campaign.objects.create(**{**copied, "name": f"{original.name[:28]} 副本"})
        CampaignTask.objects.bulk_create(
            CampaignTask(campaign=copy, **task.terms) for task in original.tasks.all()
        )
    return copy


def _take_back(purchase: Purchase) -> None:
    if (kept := purchase.left.share) < 1:
        undo(reference=purchase.reference, kept=kept)


def _is_for(campaign: Campaign, user_id: int) -> bool:
    """
    In its segment, and in an arm that has it. A new customer joined while it runs, and is a new person.
    """
    if campaign.segment_id and not is_in(campaign.segment_id, user_id):
        return False
    if campaign.experiment and not is_for_arm(campaign.arm, meet(campaign.experiment, user_id)):
        return False
    if not campaign.new_people_only:
        return True
    joined = User.objects.filter(pk=user_id, created_at__gte=campaign.starts_at).exists()
    return joined and _is_first(campaign, user_id)


def _is_first(campaign: Campaign, user_id: int) -> bool:
    """No other account of the same person has had it."""
    return claim_person(user_id=user_id, of=f"campaign:{campaign.pk}")


def _reward_task(campaign: Campaign, task: CampaignTask, *, user_id: int, reference: str) -> None:
    if not reference:  # a purchase makes grow by itself, and less when it goes back
        grow(user_id=user_id, event=GrowthEvent.TASK, occasion=f"{campaign.pk}:{task.goal}")
    give_reward(
        user_id=user_id,
        terms=task.reward_terms,
        source=task_source(campaign.pk, task.goal, user_id),
        title=task.title,
        campaign=campaign,
        vests_at=clock.now() + timedelta(days=campaign.vest_days),
        reference=reference,
    )


def _done(campaign: Campaign, user_id: int) -> int:
    """How many of its tasks this person has been rewarded for, and nothing has undone."""
    rewards = Reward.objects.filter(campaign=campaign, user=user_id)
    return rewards.exclude(state=RewardState.REVOKED).count()


def _locked(campaign_id: int) -> Campaign:
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)


def _audit(campaign: Campaign, what: str, *, reason: str) -> None:
    record_audit(
        action=f"coupons.campaign.{what}",
        subject=f"campaign:{campaign.pk}",
        facts={"budget": campaign.budget, "committed": campaign.committed, "reason": reason},
    )
