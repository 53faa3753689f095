"""Event → who hears of it, and what: one small function for each, in the module of the app that tells."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from wallet_project.kit.events import Event
from wallet_project.notifications.rules.news import News

_E = TypeVar("_E", bound=Event)

NEWS: dict[type[Event], Callable[[Any], Iterable[News]]] = {}


def news_of(event: type[_E]) -> Callable[[Callable[[_E], Iterable[News]]], Callable[[_E], Iterable[News]]]:
    """Decorates what asks the tables for the facts, in few queries."""

    def register(tells: Callable[[_E], Iterable[News]]) -> Callable[[_E], Iterable[News]]:
        NEWS[event] = tells
        return tells

    return register
