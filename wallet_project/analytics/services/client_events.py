"""What the mini-program tells of by itself, before and after a login."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from wallet_project.analytics.rules.events import OLDEST, happened_at
from wallet_project.analytics.services.events import as_rows, keep_events
from wallet_project.kit import clock
from wallet_project.kit.crypto import blind_index, blind_lock
from wallet_project.kit.db import lock_number, retry_conflicts

_PURPOSE = "analytics.visitor"

# A time that was clipped depends on when it was heard, so the repetition is known by its key alone.
_NEW = """
    SELECT DISTINCT ON (told.key)
           told.key, told.at, told.name, %(user_id)s::bigint, %(visitor)s::uuid, told.properties
    FROM jsonb_to_recordset(%(told)s) AS told (key uuid, at timestamptz, name text, properties jsonb)
    WHERE NOT EXISTS (
        SELECT FROM analytics_event AS known WHERE known.key = told.key AND known.at >= %(earliest)s
    )"""


@dataclass(frozen=True, kw_only=True)
class ClientEvent:
    id: UUID
    name: str
    at: datetime
    properties: dict[str, object]


@retry_conflicts
def keep_client_events(
    *, device_id: str, platform: str, user_id: int | None, events: list[ClientEvent]
) -> int:
    """
    Keep what happened on a device; returns how much of it was new. Told again within a week it is not kept
    again: a device's event is known by the id that the device gave it.
    """
    now = clock.now()
    visitor = _visitor(device_id)
    told = [
        {
            "key": uuid5(visitor, str(event.id)),
            "at": happened_at(event.at, received=now).isoformat(),
            "name": event.name,
            "properties": {**event.properties, "platform": platform},
        }
        for event in events
    ]
    with transaction.atomic():
        lock_number(blind_lock(device_id, purpose=_PURPOSE))
        return keep_events(
            _NEW, told=as_rows(told), user_id=user_id, visitor=visitor, earliest=now - 2 * OLDEST
        )


def _visitor(device_id: str) -> UUID:
    """Always the same for one device, and it cannot be found back from it."""
    return UUID(bytes=blind_index(device_id, purpose=_PURPOSE)[-16:])
