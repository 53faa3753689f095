"""Where customers spend, by name: asked of whoever keeps the shops."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.module_loading import import_string


def place_names() -> dict[str, str]:
    """Place ("store:renmin") → name, as people know it, in the order in which it is offered."""
    names: dict[str, str] = import_string(settings.PLACE_NAMES)()
    return names


def names_of(places: Iterable[str]) -> list[str]:
    """By name; what nobody keeps any more by its code."""
    chosen = list(places)
    return _named(chosen, place_names() if chosen else {})


def places_in_words(places: Iterable[str]) -> str:
    return "、".join(names_of(places))


class Placed:
    """Mix into a model whose `places` limit something to some of them."""

    places: Any

    @cached_property
    def place_names(self) -> list[str]:
        return names_of(self.places)


def name_places(rows: Iterable[Placed]) -> None:
    """Ask once for all of them."""
    limited = [row for row in rows if row.places]
    names = place_names() if limited else {}
    for row in limited:
        row.place_names = _named(row.places, names)


def _named(places: Iterable[str], names: dict[str, str]) -> list[str]:
    return [names.get(place, place) for place in places]
