"""One line for each call of an API, with the request id that the caller sent along: what came from where."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("sandbox.access")


class AccessLog:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith("/sandbox/"):  # its own console, and whoever steers it
            caller = request.headers.get("Request-Id", "-")
            logger.info("%s %s %s %s", request.method, request.path, response.status_code, caller)
        return response
