"""What workers do for the support desk."""

from celery import shared_task

from feedback.services import auto_close, escalations, sla
from wallet_project.kit import clock
from wallet_project.kit.jobs import job

AT_ONCE = 200


@shared_task(name="feedback.close_silent_tickets")
def close_silent_tickets(**_later: object) -> None:
    auto_close.close_silent_tickets(at=clock.now(), limit=AT_ONCE)


@job("feedback.renew_promises")
def renew_promises(*, after_id: int, **_later: object) -> None:
    sla.renew_all_promises(after_id=after_id)


@shared_task(name="feedback.watch_clocks")
def watch_clocks(**_later: object) -> None:
    escalations.watch_clocks(at=clock.now(), limit=AT_ONCE)
