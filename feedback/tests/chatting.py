"""Those who chat in tests."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

from accounts.models import User
from accounts.tests.factories import LoggedIn, logged_in
from feedback.models import Agent, Chat
from feedback.services.chats import open_chat
from feedback.services.presence import start_taking
from payments.tests.factories import staff_member
from wallet_project.asgi import application


def agent(**known: Any) -> User:
    """At their desk, taking customers."""
    staff = staff_member(**known)
    Agent.objects.create(user=staff)
    start_taking(user_id=staff.pk)
    return staff


def ask(
    person: LoggedIn | None = None,
    *,
    words: str = "付了两次款",
    client_id: str = "m-1",
    kind: str = "PAYMENT",
    about: str = "",
) -> Chat:
    person = person or logged_in()
    return open_chat(
        user_id=person.user.pk, client_id=client_id, kind=kind, body=words, language="zh-hans", about=about
    )


class Socket:
    """A client at the ASGI door."""

    def __init__(self, path: str, **headers: str) -> None:
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 40000),
            "server": ("127.0.0.1", 8200),
            "subprotocols": [],
        }
        self.wire = ApplicationCommunicator(application, scope)

    async def knock(self) -> str:
        """websocket.accept, or websocket.close"""
        await self.wire.send_input({"type": "websocket.connect"})
        answer: str = (await self.wire.receive_output(timeout=5))["type"]
        return answer

    async def send(self, **frame: Any) -> None:
        await self.send_text(json.dumps(frame))

    async def send_text(self, text: str) -> None:
        await self.wire.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> dict[str, Any]:
        """The next frame; one that closes is {"closed": code}."""
        answer = await self.wire.receive_output(timeout=10)
        if answer["type"] == "websocket.close":
            return {"closed": answer.get("code", 1000)}
        heard: dict[str, Any] = json.loads(answer["text"])
        return heard

    async def leave(self) -> None:
        await self.wire.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wire.wait(timeout=5)


async def at_the_chat(person: LoggedIn, chat: Chat, *, after: int = 0) -> Socket:
    """A socket whose first frame was understood."""
    socket = Socket("/chats")
    assert await socket.knock() == "websocket.accept"
    await socket.send(type="hello", token=person.tokens.access_token, number=chat.number, after=after)
    return socket
