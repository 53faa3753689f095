"""Every route of the house, read off the URLconf."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver

from wallet_project.kit.api.views import Door


class Route(NamedTuple):
    path: str
    view: Any

    @property
    def door(self) -> type[Door] | None:
        found = getattr(self.view, "cls", None)
        return found if isinstance(found, type) and issubclass(found, Door) else None

    @property
    def methods(self) -> list[str]:
        known = self.door.http_method_names if self.door else []
        return [name.upper() for name in known if hasattr(self.door, name) and name != "options"]

    @property
    def description(self) -> str:
        """The path as OpenAPI writes it."""
        return self.path.replace("<", "{").replace(">", "}")

    def is_idempotent(self, method: str) -> bool:
        return getattr(getattr(self.door, method.lower()), "is_idempotent", False)

    def example(self, **values: str) -> str:
        """The path with its variables filled in."""
        return re.sub(r"<(\w+)>", lambda found: values.get(found[1], "1"), self.path)


def routes() -> list[Route]:
    return sorted(_below(get_resolver().url_patterns, "/"), key=lambda route: route.path)


def doors() -> list[Route]:
    return [route for route in routes() if route.path.startswith("/api/v1/")]


def _below(patterns: list[Any], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield Route(re.sub(r"<\w+:(\w+)>", r"<\1>", simplify_regex(path)), pattern.callback)
