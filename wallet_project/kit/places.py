"""Where customers spend, by name: asked of whoever keeps the shops."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string


def place_names() -> dict[str, str]:
    """Place ("store:renmin") → name, as people know it, in the order in which it is offered."""
    names: dict[str, str] = import_string(settings.PLACE_NAMES)()
    return names


def places_in_words(places: Iterable[str]) -> str:
    """By name; what nobody keeps any more by its code."""
    chosen = list(places)
    names = place_names() if chosen else {}
    return "、".join(names.get(place, place) for place in chosen)
