"""
What a reward takes of its campaign and of what one person may have, and what it is called in the books.

A campaign's budget is taken last, because everybody who gets something of a campaign takes the same row. What
is owed stays taken until it is paid.
"""

from django.db.models import F

from coupons.errors import CampaignUsedUp
from coupons.events import CampaignStopped, CampaignWarned
from coupons.models import Campaign, CampaignPerson, Reward
from coupons.rules.campaigns import WARNED_AT
from coupons.rules.rewards import REWARD_MOVES, RewardState
from wallet.services.promises import Promise, book_lapse
from wallet_project.approvals.agreed import AgreedState
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen
from wallet_project.kit.states import require_move


def lock_person(campaign: Campaign, user_id: int) -> CampaignPerson:
    """What one person has had of a campaign, theirs alone until the transaction ends."""
    CampaignPerson.objects.bulk_create(
        [CampaignPerson(campaign=campaign, user_id=user_id)], ignore_conflicts=True
    )
    return CampaignPerson.objects.select_for_update(no_key=True).get(campaign=campaign, user=user_id)


def count_for_person(campaign_id: int, *, user_id: int, amount: int) -> None:
    """So much more, or less, of a campaign is theirs."""
    CampaignPerson.objects.filter(campaign=campaign_id, user=user_id).update(got=F("got") + amount)


def take_budget(campaign: Campaign, amount: int) -> None:
    """
    :raises CampaignUsedUp: there is not so much left of it, or it gives nothing any more
    """
    live = Campaign.objects.filter(pk=campaign.pk, state=AgreedState.LIVE, paused_at=None)
    if not live.filter(committed__lte=F("budget") - amount).update(committed=F("committed") + amount):
        raise CampaignUsedUp
    warned = live.filter(warned_at=None, committed__gte=F("budget") * WARNED_AT / 10_000)
    if warned.update(warned_at=clock.now()):
        publish(CampaignWarned(campaign_id=campaign.pk, name_of=campaign.name))


def free_budget(reward: Reward, amount: int) -> None:
    """So much of its campaign is there again, if it has one."""
    if reward.campaign_id:
        Campaign.objects.filter(pk=reward.campaign_id).update(committed=F("committed") - amount)


def stop_campaign(campaign: Campaign) -> None:
    """What is left does not suffice for what was to be given: it stands still until two people raise it."""
    live = Campaign.objects.filter(pk=campaign.pk, state=AgreedState.LIVE, paused_at=None)
    if live.update(paused_at=clock.now(), paused_because="预算已用完"):
        record_audit(
            action="coupons.campaign.stopped",
            subject=f"campaign:{campaign.pk}",
            facts={"budget": campaign.budget},
        )
        publish(CampaignStopped(campaign_id=campaign.pk, name_of=campaign.name))


def move_reward(reward: Reward, state: RewardState) -> None:
    """In memory; whoever moves it saves it."""
    require_move(REWARD_MOVES, reward.state, state)
    reward.state = state


def book_gone(reward: Reward, amount: int, *, key: str) -> None:
    """So much of what was promised is not owed any more."""
    book_lapse(
        of=Promise.REWARD, user_id=reward.user_id, amount=Fen(amount), key=key, reference=reward.reference
    )


def gift_of(reward: Reward) -> str:
    """The source under which it is given: a lot, a coupon, or points."""
    return f"reward:{reward.pk}"
