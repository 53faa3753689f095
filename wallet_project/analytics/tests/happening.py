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


def was_here(user: User, *days: str, hour: int = 12) -> None:
    """On these days, as their phone tells."""
    looked_in(f"d-{user.pk}", *days, hour=hour, user_id=user.pk)


def looked_in(device_id: str, *days: str, hour: int = 12, user_id: int | None = None) -> None:
    """On a device, perhaps by somebody who has logged in."""
    for day in days:
        at = moment(day, hour)
        make_months(first=at, last=at)
        with time_machine.travel(at, tick=False):
            happened("opened", user_id=user_id, device_id=device_id, scene=1001)


def happened(name: str, *, user_id: int | None, device_id: str, **properties: object) -> int:
    event = ClientEvent(id=uuid.uuid4(), name=name, at=clock.now(), properties=properties)
    return keep_client_events(device_id=device_id, platform="ios", user_id=user_id, events=[event])
