"""The agent's page hears that there is something new; it then asks the page's own doors (chats)."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.exceptions import PermissionDenied
from redis.exceptions import RedisError

from accounts.admin.gate import staff_behind
from feedback.services.chat_nudges import DESK
from wallet_project.kit.api.sockets import request_of

ASK_AGAIN_SECONDS = 60  # whether the session still opens the admin
REFUSED = 4401


class StaffSocket(AsyncWebsocketConsumer):
    """Carries the numbers of chats in which something happened, and takes nothing."""

    async def connect(self) -> None:
        if not await self._is_let_in():
            await self.close(REFUSED)
            return
        await self.channel_layer.group_add(DESK, self.channel_name)
        await self.accept()
        self.asking = asyncio.create_task(self._ask_again())

    async def disconnect(self, code: int) -> None:
        if asking := getattr(self, "asking", None):
            asking.cancel()
        with suppress(RedisError, OSError):
            await self.channel_layer.group_discard(DESK, self.channel_name)

    async def chat_news(self, nudge: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps({"number": nudge["number"]}))

    async def _ask_again(self) -> None:
        while await self._is_let_in():
            await asyncio.sleep(ASK_AGAIN_SECONDS)
        await self.close(REFUSED)

    @database_sync_to_async
    def _is_let_in(self) -> bool:
        try:
            staff = staff_behind(request_of(self.scope))
        except PermissionDenied:
            return False
        return staff is not None and staff.has_perm("feedback.change_ticket")
