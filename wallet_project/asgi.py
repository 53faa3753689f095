"""ASGI door: the WebSockets of live chats, in a process of their own. HTTP is answered by wsgi.py."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wallet_project.settings.dev")
get_asgi_application()  # makes Django ready; what follows imports its models

from feedback.admin.chat_sockets import StaffSocket  # noqa: E402 - see above
from feedback.api.chat_sockets import CustomerSocket  # noqa: E402 - see above


async def answer_health(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """Whether this process lives; everything else of HTTP is elsewhere."""
    status = 200 if scope["path"] == "/healthz" else 404
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


# Customers come with a token; staff with a cookie, which a foreign page's script would send, too.
application = ProtocolTypeRouter(
    {
        "http": answer_health,
        "websocket": URLRouter(
            [
                path("chats", CustomerSocket.as_asgi()),
                path("admin/feedback/chats", AllowedHostsOriginValidator(StaffSocket.as_asgi())),
            ]
        ),
    }
)
