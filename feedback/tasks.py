"""What workers do for the support desk."""

from celery import shared_task

from feedback.services import (
    auto_close,
    chat_desk,
    complaint_sending,
    complaints,
    escalations,
    presence,
    routing,
    silence,
    sla,
)
from wallet_project.kit import clock
from wallet_project.kit.jobs import job

AT_ONCE = 200


@shared_task(name="feedback.close_silent_tickets")
def close_silent_tickets(**_later: object) -> None:
    auto_close.close_silent_tickets(at=clock.now(), limit=AT_ONCE)


@shared_task(name="feedback.look_after_silence")
def look_after_silence(**_later: object) -> None:
    now = clock.now()
    silence.remind_the_silent(at=now, limit=AT_ONCE)
    silence.resolve_the_silent(at=now, limit=AT_ONCE)


@job("feedback.renew_promises")
def renew_promises(*, after_id: int, **_later: object) -> None:
    sla.renew_all_promises(after_id=after_id)


@shared_task(name="feedback.watch_clocks")
def watch_clocks(**_later: object) -> None:
    escalations.watch_clocks(at=clock.now(), limit=AT_ONCE)


@job("feedback.read_complaint")
def read_complaint(*, complaint_id: str, **_later: object) -> None:
    complaints.read_complaint(complaint_id=complaint_id)


@job("feedback.send_telling")
def send_telling(*, telling_id: int, **_later: object) -> None:
    complaint_sending.send_telling(telling_id=telling_id)


@shared_task(name="feedback.look_after_complaints")
def look_after_complaints(**_later: object) -> None:
    """What could not be read yet, and what WeChat could not be told yet."""
    now = clock.now()
    for complaint_id in complaints.due_complaints(at=now, limit=AT_ONCE):
        read_complaint.delay(complaint_id=complaint_id)
    for telling_id in complaint_sending.due_tellings(at=now, limit=AT_ONCE):
        send_telling.delay(telling_id=telling_id)


@shared_task(name="feedback.find_complaints")
def find_complaints(*, days: int, **_later: object) -> None:
    """In case a callback was lost."""
    complaints.find_complaints(at=clock.now(), days=days)


@shared_task(name="feedback.route_tickets")
def route_tickets(**_later: object) -> None:
    routing.route_waiting()


@shared_task(name="feedback.forget_looks")
def forget_looks(**_later: object) -> None:
    presence.forget_looks()


@shared_task(name="feedback.end_chats")
def end_chats(**_later: object) -> None:
    chat_desk.end_chats(at=clock.now())
