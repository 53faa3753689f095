"""
Up: publish it.

An event is a row written in the same transaction as its cause; the relay hands it to each listener in a
transaction of its own, so a listener's work and the note that it was done commit together.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeVar

from django.db import connection

from wallet_project.kit import clock, context
from wallet_project.kit.db import require_transaction


@dataclass(frozen=True, kw_only=True)
class Event:
    """Past tense, small, plain: ids and amounts. `aggregate` names what its order is kept for."""

    name: ClassVar[str]

    @property
    def aggregate(self) -> str:
        raise TypeError(f"{type(self).__name__} must say which aggregate it belongs to")


_PUBLISH = """
    SELECT outbox_publish(%(name)s, %(aggregate)s, %(payload)s, %(request_id)s, %(listeners)s::text[], %(at)s)
"""

_E = TypeVar("_E", bound=Event)
Listener = Callable[[Any], None]

_events: dict[str, type[Event]] = {}
_listeners: dict[str, dict[str, Listener]] = {}


def listens_to(event: type[_E]) -> Callable[[Callable[[_E], None]], Callable[[_E], None]]:
    """Decorates a function of an app's listeners.py; its dotted path is its name in the outbox."""

    def register(listener: Callable[[_E], None]) -> Callable[[_E], None]:
        path = f"{listener.__module__}.{listener.__name__}"
        _events[event.name] = event
        _listeners.setdefault(event.name, {})[path] = listener
        return listener

    return register


def publish(event: Event) -> None:
    """Write the event and one delivery per listener. Must be called inside the transaction it tells about."""
    require_transaction()
    stored = as_stored(event)
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISH, {**stored, "payload": json.dumps(stored["payload"]), "at": clock.now()})


def as_stored(event: Event) -> dict[str, Any]:
    """What the SQL function outbox_publish takes; also for those who do all of their work in one call."""
    return {
        "name": event.name,
        "aggregate": event.aggregate,
        "payload": asdict(event),
        "request_id": context.current().request_id,
        "listeners": list(_listeners.get(event.name, {})),
    }


def hand_over(name: str, payload: dict[str, Any], listener: str) -> None:
    """
    Call one listener with one event as it was stored.

    :raises LookupError: no such listener any more
    """
    found = _listeners.get(name, {}).get(listener)
    if found is None:
        raise LookupError(f"{listener} does not listen to {name}")
    found(_events[name](**payload))


def registered_listeners() -> dict[str, list[str]]:
    """Event name → dotted paths, for the architecture test and the docs."""
    return {name: sorted(paths) for name, paths in _listeners.items()}
