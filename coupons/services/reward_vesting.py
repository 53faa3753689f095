"""Rewards are given when their time has come."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from coupons.errors import CouponNotOffered, CouponsGone, CouponTakenOften
from coupons.events import RewardGiven
from coupons.models import Reward
from coupons.rules.rewards import RewardKind, RewardState
from coupons.services.coupons import issue_coupon
from coupons.services.points import give_points
from coupons.services.reward_books import book_gone, free_budget, gift_of, move_reward
from coupons.services.reward_returns import take_back_locked
from wallet.errors import WalletClosed
from wallet.rules.kinds import Colour
from wallet.services.gifts import keep_as_gift
from wallet.services.promises import Promise
from wallet_project.kit import clock
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen
from wallet_project.kit.sweeps import sweep
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

_AT_ONCE = 200


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


def _vest(reward_id: int) -> bool:
    """False: somebody else gives it now."""
    try:
        with transaction.atomic(durable=True):
            found = Reward.objects.select_for_update(no_key=True, skip_locked=True)
            reward = found.filter(pk=reward_id, state=RewardState.PENDING).first()
            if reward is not None:
                give_locked(reward)
    except Exception:
        Reward.objects.filter(pk=reward_id).update(updated_at=clock.now())
        raise
    return reward is not None


def give_locked(reward: Reward) -> None:
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
        take_back_locked(reward, reward.amount, because=str(refused.message))
        return
    move_reward(reward, RewardState.GIVEN)
    reward.given_at = now
    reward.save()
    publish(RewardGiven(user_id=reward.user_id, source=reward.source, kind=reward.kind, amount=reward.amount))


def _give_points(reward: Reward, at: datetime) -> None:
    book_gone(reward, reward.amount, key=f"reward:{reward.source}:kept")
    give_points(
        user_id=reward.user_id,
        points=reward.amount,
        source=gift_of(reward),
        title=reward.title,
        active_at=at,
        reference=reward.reference,
    )


def _give_coupon(reward: Reward, at: datetime) -> None:
    book_gone(reward, reward.amount, key=f"reward:{reward.source}:kept")
    assert reward.template_id is not None  # noqa: S101 - RewardTerms of a coupon name it
    issue_coupon(
        template_id=reward.template_id,
        user_id=reward.user_id,
        source=gift_of(reward),
        reference=reward.reference,
    )


def _give_money(reward: Reward, at: datetime) -> None:
    """Bonus or cashback; what its owner owes of earlier ones is kept back."""
    paid = _pay_debt(reward)
    if paid:
        book_gone(reward, paid, key=f"reward:{reward.source}:owed")
    if rest := reward.amount - paid:
        keep_as_gift(
            of=Promise.REWARD,
            promised=Fen(rest),
            user_id=reward.user_id,
            amount=Fen(rest),
            source=gift_of(reward),
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
        free_budget(debt, part)
        left -= part
    return reward.amount - left
