"""What workers do for the support desk."""

from celery import shared_task

from feedback.services import auto_close
from wallet_project.kit import clock

AT_ONCE = 100


@shared_task(name="feedback.close_silent_tickets")
def close_silent_tickets(**_later: object) -> None:
    auto_close.close_silent_tickets(at=clock.now(), limit=AT_ONCE)
