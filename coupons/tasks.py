"""Doors for the clock, and for what staff ask for: each asks one service."""

from celery import shared_task

from coupons.services import coupon_expiry, grants
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
