"""A WebSocket's handshake is a request: its cookies, headers and addresses are read as one's are."""

from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIRequest


def request_of(scope: dict[str, Any]) -> ASGIRequest:
    return ASGIRequest({**scope, "type": "http", "method": "GET"}, BytesIO())
