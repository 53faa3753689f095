"""A mini-program that is too old may look, and log in; what it would do waits until it is up to date."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wallet_project.kit.api.exceptions import answer_error
from wallet_project.kit.errors import ClientTooOld

_LOOKS = ("GET", "HEAD", "OPTIONS")
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){0,3}", re.ASCII)


class ClientVersionMiddleware:
    """
    Reads `Client-Version: 1.4.2`. Who sends none, or something else, is not turned away: shops, WeChat, and
    clients from before there was the header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _arguments: Any, _named: Any
    ) -> HttpResponse | None:
        given, minimum = request.headers.get("Client-Version", ""), settings.CLIENT["minimum"]
        if (
            request.method in _LOOKS
            or not minimum
            or not request.path_info.startswith("/api/v1/")
            or request.path_info.startswith("/api/v1/auth/")
            or not _VERSION.fullmatch(given)
            or parts_of(given) >= parts_of(minimum)
        ):
            return None
        return answer_error(ClientTooOld(minimum=minimum, latest=settings.CLIENT["latest"]))


def parts_of(version: str) -> list[int]:
    """To be compared: 1.10 is newer than 1.9, and 1.4 is 1.4.0."""
    parts = [int(part) for part in version.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return parts
