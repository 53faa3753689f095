"""Doors for the clock, and for what staff ask for: each asks one service."""

from celery import shared_task

from coupons.services import (
    coupon_expiry,
    grants,
    membership,
    membership_coupons,
    partners,
    points_expiry,
    recommendations,
    referral_rewards,
    reward_vesting,
    segments,
)
from wallet_project.kit.jobs import job


@shared_task(name="coupons.expire_coupons")
def expire_coupons(**_later: object) -> None:
    coupon_expiry.expire_coupons()


@shared_task(name="coupons.remind_of_expiry")
def remind_of_expiry(**_later: object) -> None:
    coupon_expiry.remind_of_expiry()


@job("coupons.carry_out_grant")
def carry_out_grant(*, grant_id: int, **_later: object) -> None:
    grants.carry_out_grant(grant_id=grant_id)


@shared_task(name="coupons.activate_points")
def activate_points(**_later: object) -> None:
    points_expiry.activate_points()


@shared_task(name="coupons.expire_points")
def expire_points(**_later: object) -> None:
    points_expiry.expire_points()


@shared_task(name="coupons.announce_expiring_points")
def announce_expiring_points(**_later: object) -> None:
    points_expiry.announce_expiring_points()


@shared_task(name="coupons.vest_rewards")
def vest_rewards(**_later: object) -> None:
    reward_vesting.vest_rewards()


@shared_task(name="coupons.refresh_segments")
def refresh_segments(**_later: object) -> None:
    segments.refresh_segments()


@job("coupons.refresh_segment")
def refresh_segment(*, segment_id: int, **_later: object) -> None:
    segments.refresh_segment(segment_id=segment_id)


@shared_task(name="coupons.review_memberships")
def review_memberships(**_later: object) -> None:
    membership.review_memberships()


@shared_task(name="coupons.give_monthly_coupons")
def give_monthly_coupons(**_later: object) -> None:
    membership_coupons.give_monthly_coupons()


@shared_task(name="coupons.refresh_recommendations")
def refresh_recommendations(**_later: object) -> None:
    recommendations.refresh_recommendations()


@shared_task(name="coupons.share_costs")
def share_costs(**_later: object) -> None:
    partners.share_costs()


@job("coupons.judge_referral_step")
def judge_referral_step(*, step_id: int, **_later: object) -> None:
    referral_rewards.judge_step(step_id=step_id)


@shared_task(name="coupons.judge_referral_steps")
def judge_referral_steps(**_later: object) -> None:
    referral_rewards.judge_steps()
