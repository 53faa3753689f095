"""Rewards are taken back: as far as they are there, and the rest is owed."""

from contextlib import suppress

from coupons.errors import CouponNotUsable
from coupons.models import Coupon, CouponState, Reward
from coupons.rules.rewards import OPEN, RewardKind, RewardState, still_due
from coupons.services.coupons import void_coupon
from coupons.services.points import take_back_points
from coupons.services.reward_books import book_gone, count_for_person, free_budget, gift_of, move_reward
from wallet.services.gifts import take_back_gift
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


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
            take_back_locked(reward, less, because="退款")


def revoke_rewards(*, sources: list[str], because: str) -> None:
    """These were not deserved. Must be called inside the transaction that decided so."""
    require_transaction()
    rewards = Reward.objects.select_for_update(no_key=True).filter(source__in=sources, amount__gt=0)
    for reward in rewards.order_by("pk"):
        take_back_locked(reward, reward.amount, because=because)


def give_up_rewards(*, user_id: int) -> None:
    """Whoever leaves gets nothing any more. Must be called inside the transaction that closes."""
    require_transaction()
    rewards = Reward.objects.select_for_update(no_key=True).filter(user=user_id, state__in=OPEN)
    for reward in rewards.order_by("pk"):
        take_back_locked(reward, reward.amount, because="账户注销")


def take_back_locked(reward: Reward, less: int, *, because: str) -> None:
    """
    So much less of a locked reward; of none that is left it is revoked. A coupon that is in use or used was
    had: it counts, and takes of the budget, as before.
    """
    left, owed = reward.amount - less, 0
    was_given = reward.state not in OPEN
    if was_given and reward.kind == RewardKind.COUPON and not _is_coupon_back(reward, because):
        return
    if reward.campaign_id:
        count_for_person(reward.campaign_id, user_id=reward.user_id, amount=-less)
    key = f"reward:{reward.source}:less:{left}"
    if was_given:
        owed = _take_back_given(reward, less, left=left, key=key)
        reward.owed += owed
    else:
        book_gone(reward, less, key=key)
    reward.amount = left
    if not left:
        move_reward(reward, RewardState.REVOKED)
        reward.ended_because = because
    reward.save()
    free_budget(reward, less - owed)


def _take_back_given(reward: Reward, less: int, *, left: int, key: str) -> int:
    """Answers what of it could not be taken back, and is owed. Points keep a debt of their own."""
    gift = gift_of(reward)
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
    coupon = Coupon.objects.get(source=gift_of(reward))
    if coupon.state == CouponState.HELD:
        with suppress(CouponNotUsable):  # used at this moment
            void_coupon(coupon_id=coupon.pk, reason=because)
            return True
    return coupon.state in (CouponState.EXPIRED, CouponState.VOIDED)
