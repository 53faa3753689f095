"""
The same chat over a WebSocket: what the poll (chats) answers, sent as soon as there is something new.

The first frame says who one is, as a request would, and where: `{"type": "hello", "token": "<access_token>",
"number": "I2611…", "after": <cursor>}`. Then `say`, `signals` and `end` take what their doors take. Down come
`update` (the poll's answer), `said` with the message, and `error` in the shape of every error. Nothing lives
in the socket: after a break a poll, or another socket, goes on from the same cursor.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar
from uuid import uuid4

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import translation
from redis.exceptions import RedisError
from rest_framework.utils.encoders import JSONEncoder

from accounts.api.permissions import require_agreement
from accounts.selectors.sessions import holder_of
from feedback.api.chats import MessageInput, MessageOutput, SignalsInput, update_answer
from feedback.rules.chats import ChatState
from feedback.rules.tickets import Voice
from feedback.selectors.chats import chat_of, update_for
from feedback.services.chat_nudges import group_of
from feedback.services.chats import leave, look_in, note_signals, write
from wallet_project.kit import clock, context
from wallet_project.kit.api.exceptions import as_domain_error
from wallet_project.kit.api.middleware import client_ip
from wallet_project.kit.api.parsers import parse_strictly
from wallet_project.kit.api.serializers import InputSerializer, StrictCharField, StrictIntegerField
from wallet_project.kit.api.sockets import request_of
from wallet_project.kit.api.throttling import require_rate
from wallet_project.kit.errors import DomainError, InvalidInput
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

HELLO_SECONDS = 10
LOOK_SECONDS = 5  # looks by itself, if no nudge comes
LOOKS_PER_QUESTION = 12  # whether the token still opens the door
SOCKETS_EACH = 5  # as many as a mini-program may open
REFUSED, FULL = 4401, 4429  # close codes; after REFUSED log in or refresh, after FULL poll

_ENCODER = JSONEncoder(ensure_ascii=False)


class HelloInput(InputSerializer):
    type = StrictCharField(max_length=16)
    token = StrictCharField(max_length=200)
    number = StrictCharField(max_length=32)
    after = StrictIntegerField(required=False, default=0, min_value=0)


class CustomerSocket(AsyncWebsocketConsumer):
    """One device of one customer, in one chat."""

    open_sockets: ClassVar[Counter[int]] = Counter()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.user_id, self.number, self.token, self.after = 0, "", "", 0
        self.who = {"actor": "anonymous", "ip": client_ip(request_of(scope))}
        self.language: str | None = None
        self.shown: dict[str, Any] = {}
        self.looking = asyncio.Lock()
        clockwork = asyncio.create_task(self._keep_looking())
        try:
            await super().__call__(scope, receive, send)
        finally:
            clockwork.cancel()
            if self.user_id:
                self.open_sockets[self.user_id] -= 1
                with suppress(RedisError, OSError):
                    await self.channel_layer.group_discard(group_of(self.number), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        frame: Any = None
        try:
            frame = parse_strictly((text_data or "").encode() or bytes_data or b"")
            if not isinstance(frame, dict):
                raise InvalidInput(fields={})
            await (self._act(frame) if self.user_id else self._greet(frame))
        except Exception as error:  # noqa: BLE001 - as at a door: whatever it was, it is answered in one shape
            await self._answer_error(as_domain_error(error), frame)
            if not self.user_id:
                await self.close(REFUSED)

    async def chat_news(self, _nudge: dict[str, Any]) -> None:
        """What the nudge calls; a look that fails is made up for by the next one."""
        with suppress(Exception):
            await self._look()

    async def _greet(self, frame: dict[str, Any]) -> None:
        hello = HelloInput.checked(frame)
        self.token, self.number, self.after = hello["token"], hello["number"], hello["after"]
        user_id = await self._in_thread(self._ask_token)
        chat = await self._in_thread(lambda: chat_of(user_id, self.number))
        if self.open_sockets[user_id] >= SOCKETS_EACH:
            await self.close(FULL)
            return
        self.open_sockets[user_id] += 1
        self.user_id, self.language = user_id, chat.ticket.language
        with suppress(RedisError, OSError):  # then it looks by itself
            await self.channel_layer.group_add(group_of(self.number), self.channel_name)
        await self._look()

    async def _act(self, frame: dict[str, Any]) -> None:
        act = _ACTS.get(str(frame.pop("type", "")))
        if act is None:
            raise InvalidInput(fields={"type": []})
        answer = await self._in_thread(lambda: act(self.user_id, self.number, frame))
        if answer:
            await self._send(answer)
        await self._look()

    async def _look(self) -> None:
        """Send what is new since the last look: each message once, how things stand where it differs."""
        async with self.looking:
            more = True
            while more:
                update = await self._in_thread(self._update)
                standing = {**update, "messages": None, "cursor": None}
                if update["messages"] or standing != self.shown:
                    await self._send({"type": "update", **update})
                self.after, self.shown, more = update["cursor"], standing, update["has_more"]
            if self.shown["chat"]["state"] == ChatState.ENDED:
                await self.close()

    async def _keep_looking(self) -> None:
        await asyncio.sleep(HELLO_SECONDS)
        looks = 0
        while self.user_id:
            looks += 1
            try:
                if looks % LOOKS_PER_QUESTION == 0:
                    await self._in_thread(self._ask_token)
                await self._look()
            except Exception as error:  # noqa: BLE001 - as above
                refusal = as_domain_error(error)
                await self._answer_error(refusal, None)
                if refusal.status in (401, 403):
                    break
            await asyncio.sleep(LOOK_SECONDS)
        await self.close(REFUSED)

    def _ask_token(self) -> int:
        holder = holder_of(self.token)
        require_agreement(holder)
        self.who |= {"actor": f"user:{holder.user_id}", "device_id": holder.device_id}
        return holder.user_id

    def _update(self) -> dict[str, Any]:
        chat = look_in(user_id=self.user_id, number=self.number)
        return update_answer(update_for(chat, after=self.after, at=clock.now()))

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        """Work on the tables, in this customer's name and language."""

        def work_as_them() -> Any:
            with context.acting(request_id=uuid4().hex, **self.who), translation.override(self.language):
                return work()

        return await database_sync_to_async(work_as_them)()

    async def _answer_error(self, error: DomainError, frame: Any) -> None:
        named = frame.get("client_id") if isinstance(frame, dict) else None
        with translation.override(self.language):
            told = {"type": "error", "code": error.code, "message": str(error.message)}
        await self._send({**told, "detail": error.detail, "client_id": named})

    async def _send(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=_ENCODER.encode(frame))


def _say(user_id: int, number: str, frame: dict[str, Any]) -> dict[str, Any]:
    require_going(Flow.READ_ONLY)
    require_rate("chat", user_id=user_id)
    said = write(user_id=user_id, number=number, **MessageInput.checked(frame))
    return {"type": "said", "message": MessageOutput.answer(said)}


def _signal(user_id: int, number: str, frame: dict[str, Any]) -> None:
    require_going(Flow.READ_ONLY)
    require_rate("write", user_id=user_id)
    note_signals(chat_of(user_id, number), Voice.CUSTOMER, **SignalsInput.checked(frame))


def _end(user_id: int, number: str, frame: dict[str, Any]) -> None:
    require_going(Flow.READ_ONLY)
    require_rate("write", user_id=user_id)
    InputSerializer.checked(frame)
    leave(user_id=user_id, number=number)


_ACTS: dict[str, Callable[[int, str, dict[str, Any]], dict[str, Any] | None]] = {
    "say": _say,
    "signals": _signal,
    "end": _end,
}
