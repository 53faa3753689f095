"""
The one way in which something is given for something: promised, given when its time has come, taken back.

What is promised is booked at once (decision 22); a campaign's budget is taken with it, last, because
everybody who gets something of a campaign takes the same row. What is owed stays taken until it is paid.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from coupons.errors import (
    CampaignUsedUp,
    CouponNotOffered,
    CouponNotUsable,
    CouponsGone,
    CouponTakenOften,
)
from coupons.events import CampaignStopped, CampaignWarned, RewardGiven
from coupons.models import Campaign, CampaignPerson, Coupon, CouponState, CouponTemplate, Reward
from coupons.rules.campaigns import WARNED_AT
from coupons.rules.rewards import OPEN, REWARD_MOVES, RewardKind, RewardState, RewardTerms, still_due, within
from coupons.services.coupons import issue_coupon, void_coupon
from coupons.services.points import give_points, take_back_points
from wallet.errors import WalletClosed
from wallet.rules.kinds import Colour
from wallet.services.gifts import keep_as_gift, take_back_gift
from wallet.services.promises import Promise, book_lapse, book_promise
from wallet_project.approvals.agreed import AgreedState
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen
from wallet_project.kit.states import require_move
from wallet_project.kit.sweeps import sweep
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused
from wallet_project.pauses.services import require_going

_AT_ONCE = 200


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
    person = _lock_person(campaign, user_id)
    if earlier := Reward.objects.filter(source=source).first():
        return earlier
    amount = within(terms.amount, had=person.got, most=campaign.per_person)
    if not amount or (terms.kind == RewardKind.COUPON and amount < terms.amount):
        return None
    try:
        with transaction.atomic():
            _count(campaign.pk, user_id=user_id, amount=amount)
            return _promise(user_id, terms, amount, source, title, campaign, vests_at, reference)
    except CampaignUsedUp:
        _stop(campaign)
        return None


def vest_rewards() -> int:
    """
    Give what is due, each in a transaction of its own; returns how many. None while all this is paused. One
    that cannot be given, say to a frozen wallet, comes last the next time.
    """
    if is_paused(Flow.COUPONS):
        return 0
    due = Reward.objects.filter(state=RewardState.PENDING, vests_at__lte=clock.now())
    ids = list(due.order_by("updated_at").values_list("pk", flat=True)[:_AT_ONCE])
    return sweep(ids, _vest, failed="coupons.reward.not_given")


def take_back_rewards(*, reference: str, kept: int, of: int) -> None:
    """
    Of what these rewards are for, only `kept` of `of` is left: so much of them is left, too. What is not
    given yet lapses, what was given is taken back as far as it is there, and the rest of it is owed: what is
    given as money later pays it first.

    Must be called inside a transaction; said again, or with more left, it does nothing.
    """
    require_transaction()
    rewards = Reward.objects.select_for_update(no_key=True).filter(reference=reference)
    for reward in rewards.order_by("pk"):
        less = reward.amount - still_due(RewardKind(reward.kind), reward.promised, kept=kept, of=of)
        if less > 0:
            _take_back(reward, less, because="退款")


def hold_rewards(*, sources: list[str]) -> int:
    """Nothing of these is given until somebody has looked; returns how many were still to be given."""
    return Reward.objects.filter(source__in=sources, state=RewardState.PENDING).update(state=RewardState.HELD)


def release_rewards(*, sources: list[str]) -> int:
    """Nothing is wrong with these: they are given when their time has come."""
    return Reward.objects.filter(source__in=sources, state=RewardState.HELD).update(state=RewardState.PENDING)


def revoke_rewards(*, sources: list[str], because: str) -> None:
    """These were not deserved. Must be called inside the transaction that decided so."""
    require_transaction()
    rewards = Reward.objects.select_for_update(no_key=True).filter(source__in=sources, amount__gt=0)
    for reward in rewards.order_by("pk"):
        _take_back(reward, reward.amount, because=because)


def give_up_rewards(*, user_id: int) -> None:
    """Whoever leaves gets nothing any more. Must be called inside the transaction that closes."""
    require_transaction()
    rewards = Reward.objects.select_for_update(no_key=True).filter(user=user_id, state__in=OPEN)
    for reward in rewards.order_by("pk"):
        _take_back(reward, reward.amount, because="账户注销")


def _vest(reward_id: int) -> bool:
    """False: somebody else gives it now."""
    try:
        with transaction.atomic(durable=True):
            found = Reward.objects.select_for_update(no_key=True, skip_locked=True)
            reward = found.filter(pk=reward_id, state=RewardState.PENDING).first()
            if reward is not None:
                _give(reward)
    except Exception:
        Reward.objects.filter(pk=reward_id).update(updated_at=clock.now())
        raise
    return reward is not None


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
        _take_budget(campaign, amount)
    if vests_at <= clock.now():
        _give(reward)
    return reward


def _give(reward: Reward) -> None:
    """
    A locked reward whose time has come. A coupon that cannot be had any more lapses, and so does money for
    somebody who has left.
    """
    now = clock.now()
    gives: Callable[[Reward, datetime], None] = {
        RewardKind.POINTS: _give_points,
        RewardKind.COUPON: _give_coupon,
        RewardKind.CASHBACK: _give_money,
        RewardKind.BONUS: _give_money,
    }[RewardKind(reward.kind)]
    try:
        with transaction.atomic():
            gives(reward, now)
    except (CouponsGone, CouponTakenOften, CouponNotOffered, WalletClosed) as refused:
        _take_back(reward, reward.amount, because=str(refused.message))
        return
    _move(reward, RewardState.GIVEN)
    reward.given_at = now
    reward.save()
    publish(RewardGiven(user_id=reward.user_id, source=reward.source, kind=reward.kind, amount=reward.amount))


def _give_points(reward: Reward, at: datetime) -> None:
    _lapse(reward, reward.amount, key=f"reward:{reward.source}:kept")
    give_points(
        user_id=reward.user_id,
        points=reward.amount,
        source=_gift_of(reward),
        title=reward.title,
        active_at=at,
        reference=reward.reference,
    )


def _give_coupon(reward: Reward, at: datetime) -> None:
    _lapse(reward, reward.amount, key=f"reward:{reward.source}:kept")
    assert reward.template_id is not None  # noqa: S101 - RewardTerms of a coupon name it
    issue_coupon(
        template_id=reward.template_id,
        user_id=reward.user_id,
        source=_gift_of(reward),
        reference=reward.reference,
    )


def _give_money(reward: Reward, at: datetime) -> None:
    """Bonus or cashback; what its owner owes of earlier ones is kept back."""
    paid = _pay_debt(reward)
    if paid:
        _lapse(reward, paid, key=f"reward:{reward.source}:owed")
    if rest := reward.amount - paid:
        keep_as_gift(
            of=Promise.REWARD,
            promised=Fen(rest),
            user_id=reward.user_id,
            amount=Fen(rest),
            source=_gift_of(reward),
            title=reward.title,
            expires_at=at + timedelta(days=reward.lasts_days) if reward.lasts_days else None,
            colour=Colour(reward.kind.lower()),
        )


def _pay_debt(reward: Reward) -> int:
    owing = Reward.objects.select_for_update(no_key=True).filter(user=reward.user_id, owed__gt=0)
    left = reward.amount
    for debt in owing.order_by("pk"):
        part = min(left, debt.owed)
        debt.owed -= part
        debt.save(update_fields=["owed", "updated_at"])
        _free_budget(debt, part)
        left -= part
    return reward.amount - left


def _take_back(reward: Reward, less: int, *, because: str) -> None:
    """
    So much less of a locked reward; of none that is left it is revoked. A coupon that is in use or used was
    had: it counts, and takes of the budget, as before.
    """
    left, owed = reward.amount - less, 0
    was_given = reward.state not in OPEN
    if was_given and reward.kind == RewardKind.COUPON and not _is_coupon_back(reward, because):
        return
    if reward.campaign_id:
        _count(reward.campaign_id, user_id=reward.user_id, amount=-less)
    key = f"reward:{reward.source}:less:{left}"
    if was_given:
        owed = _take_back_given(reward, less, left=left, key=key)
        reward.owed += owed
    else:
        _lapse(reward, less, key=key)
    reward.amount = left
    if not left:
        _move(reward, RewardState.REVOKED)
        reward.ended_because = because
    reward.save()
    _free_budget(reward, less - owed)


def _take_back_given(reward: Reward, less: int, *, left: int, key: str) -> int:
    """Answers what of it could not be taken back, and is owed. Points keep a debt of their own."""
    gift = _gift_of(reward)
    match RewardKind(reward.kind):
        case RewardKind.POINTS:
            take_back_points(
                source=gift, numerator=reward.promised - left, denominator=reward.promised, title="奖励收回"
            )
            return 0
        case RewardKind.COUPON:
            return 0
        case _:
            back = take_back_gift(
                user_id=reward.user_id, source=gift, amount=Fen(less), key=key, title=f"收回：{reward.title}"
            )
            return less - back


def _is_coupon_back(reward: Reward, because: str) -> bool:
    """Whether the coupon that was given is gone, unused."""
    coupon = Coupon.objects.get(source=_gift_of(reward))
    if coupon.state == CouponState.HELD:
        with suppress(CouponNotUsable):  # used at this moment
            void_coupon(coupon_id=coupon.pk, reason=because)
            return True
    return coupon.state in (CouponState.EXPIRED, CouponState.VOIDED)


def _lapse(reward: Reward, amount: int, *, key: str) -> None:
    book_lapse(
        of=Promise.REWARD, user_id=reward.user_id, amount=Fen(amount), key=key, reference=reward.reference
    )


def _gift_of(reward: Reward) -> str:
    return f"reward:{reward.pk}"


def _lock_person(campaign: Campaign, user_id: int) -> CampaignPerson:
    """What one person has had of a campaign, theirs alone until the transaction ends."""
    CampaignPerson.objects.bulk_create(
        [CampaignPerson(campaign=campaign, user_id=user_id)], ignore_conflicts=True
    )
    return CampaignPerson.objects.select_for_update(no_key=True).get(campaign=campaign, user=user_id)


def _count(campaign_id: int, *, user_id: int, amount: int) -> None:
    CampaignPerson.objects.filter(campaign=campaign_id, user=user_id).update(got=F("got") + amount)


def _take_budget(campaign: Campaign, amount: int) -> None:
    """
    :raises CampaignUsedUp: there is not so much left of it, or it gives nothing any more
    """
    live = Campaign.objects.filter(pk=campaign.pk, state=AgreedState.LIVE, paused_at=None)
    if not live.filter(committed__lte=F("budget") - amount).update(committed=F("committed") + amount):
        raise CampaignUsedUp
    warned = live.filter(warned_at=None, committed__gte=F("budget") * WARNED_AT / 10_000)
    if warned.update(warned_at=clock.now()):
        publish(CampaignWarned(campaign_id=campaign.pk, name_of=campaign.name))


def _free_budget(reward: Reward, amount: int) -> None:
    if reward.campaign_id:
        Campaign.objects.filter(pk=reward.campaign_id).update(committed=F("committed") - amount)


def _stop(campaign: Campaign) -> None:
    """What is left does not suffice for what was to be given: it stands still until two people raise it."""
    live = Campaign.objects.filter(pk=campaign.pk, state=AgreedState.LIVE, paused_at=None)
    if live.update(paused_at=clock.now(), paused_because="预算已用完"):
        record_audit(
            action="coupons.campaign.stopped",
            subject=f"campaign:{campaign.pk}",
            facts={"budget": campaign.budget},
        )
        publish(CampaignStopped(campaign_id=campaign.pk, name_of=campaign.name))


def _move(reward: Reward, state: RewardState) -> None:
    require_move(REWARD_MOVES, reward.state, state)
    reward.state = state
