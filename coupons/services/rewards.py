"""
The one way in which something is given for something: promised, perhaps held, given when its time has come
(reward_vesting), taken back (reward_returns).

What is promised is booked at once (decision 22), and takes of its campaign last (reward_books).
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from coupons.errors import CampaignUsedUp
from coupons.models import Campaign, CouponTemplate, Reward
from coupons.rules.rewards import RewardKind, RewardState, RewardTerms, within
from coupons.services.reward_books import count_for_person, lock_person, stop_campaign, take_budget
from coupons.services.reward_vesting import give_locked
from wallet.services.promises import Promise, book_promise
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def give_reward(
    *,
    user_id: int,
    terms: RewardTerms,
    source: str,
    title: str,
    campaign: Campaign | None = None,
    vests_at: datetime | None = None,
    reference: str = "",
) -> Reward | None:
    """
    Promise somebody something under `source`, which is rewarded once ever; it is given at `vests_at`, or now.
    Of a campaign one person gets no more than its terms say: the rest, or nothing. A coupon counts as the
    most that it can take off, whatever somebody wrote beside it.

    Must be called inside the transaction that decided so. None: they have had all they may have, or the
    campaign gives nothing any more.

    :raises Paused: nothing is given at the moment
    """
    require_transaction()
    require_going(Flow.COUPONS)
    vests_at = vests_at or clock.now()
    if terms.template_id is not None:
        terms = replace(terms, amount=CouponTemplate.objects.get(pk=terms.template_id).amount)
    if campaign is None:
        return _promise(user_id, terms, terms.amount, source, title, None, vests_at, reference)
    person = lock_person(campaign, user_id)
    if earlier := Reward.objects.filter(source=source).first():
        return earlier
    amount = within(terms.amount, had=person.got, most=campaign.per_person)
    if not amount or (terms.kind == RewardKind.COUPON and amount < terms.amount):
        return None
    try:
        with transaction.atomic():
            count_for_person(campaign.pk, user_id=user_id, amount=amount)
            return _promise(user_id, terms, amount, source, title, campaign, vests_at, reference)
    except CampaignUsedUp:
        stop_campaign(campaign)
        return None


def hold_rewards(*, sources: list[str]) -> int:
    """Nothing of these is given until somebody has looked; returns how many were still to be given."""
    return Reward.objects.filter(source__in=sources, state=RewardState.PENDING).update(state=RewardState.HELD)


def release_rewards(*, sources: list[str]) -> int:
    """Nothing is wrong with these: they are given when their time has come."""
    return Reward.objects.filter(source__in=sources, state=RewardState.HELD).update(state=RewardState.PENDING)


def _promise(
    user_id: int,
    terms: RewardTerms,
    amount: int,
    source: str,
    title: str,
    campaign: Campaign | None,
    vests_at: datetime,
    reference: str,
) -> Reward:
    reward, is_new = Reward.objects.get_or_create(
        source=source,
        defaults={
            "user_id": user_id,
            "campaign": campaign,
            "reference": reference,
            "title": title,
            "kind": terms.kind,
            "template_id": terms.template_id,
            "promised": amount,
            "amount": amount,
            "lasts_days": terms.days,
            "state": RewardState.PENDING,
            "vests_at": vests_at,
        },
    )
    if not is_new:
        return reward
    book_promise(
        of=Promise.REWARD, user_id=user_id, amount=Fen(amount), key=f"reward:{source}", reference=reference
    )
    if campaign is not None:
        take_budget(campaign, amount)
    if vests_at <= clock.now():
        give_locked(reward)
    return reward
