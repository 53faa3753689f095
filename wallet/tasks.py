"""Doors for the clock: each asks one service."""

from celery import shared_task

from wallet.services import holds


@shared_task(name="wallet.expire_holds")
def expire_holds(**_later: object) -> None:
    holds.expire_holds()
