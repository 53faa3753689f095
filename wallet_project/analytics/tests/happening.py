"""What people did, as the outbox or the mini-program tells it."""

import uuid
from datetime import datetime

import time_machine
from django.db import transaction

from accounts.models import User
from wallet_project.analytics.services.client_events import ClientEvent, keep_client_events
from wallet_project.analytics.services.months import make_months
from wallet_project.kit import clock
from wallet_project.kit.events import Event, publish


def told_at(day: str, hour: int, *events: Event) -> None:
    """Published then: at so many o'clock in Shanghai."""
    with time_machine.travel(moment(day, hour), tick=False), transaction.atomic():
        for event in events:
            publish(event)


def moment(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+08:00")


def was_here(user: User, *days: str, name: str = "opened", hour: int = 12, **properties: object) -> None:
    """On these days, as their phone tells."""
    for day in days:
        at = moment(day, hour)
        make_months(first=at, last=at)
        with time_machine.travel(at, tick=False):
            happened(name, user_id=user.pk, device_id=f"d-{user.pk}", **properties)


def happened(
    name: str, *, user_id: int | None, device_id: str, id: uuid.UUID | None = None, **properties: object
) -> int:
    event = ClientEvent(id=id or uuid.uuid4(), name=name, at=clock.now(), properties=properties)
    return keep_client_events(device_id=device_id, platform="ios", user_id=user_id, events=[event])
