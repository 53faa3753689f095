"""
Tell whoever has a socket open that there is something new to look at.

A nudge carries nothing but the number of the chat: what is new is read from the tables, by whoever is allowed
to. It goes through Valkey, nobody waits for it, and it may be lost: sockets also look by themselves.
"""

import asyncio
import logging
from functools import cache, partial
from threading import Thread

from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

DESK = "chat-desk"
_SECONDS = 2.0


def group_of(number: str) -> str:
    return f"chat.{number}"


def nudge(number: str) -> None:
    """Once the current transaction has committed: the customer's sockets, and every agent's."""
    transaction.on_commit(partial(_nudge_now, number), robust=True)


def _nudge_now(number: str) -> None:
    asyncio.run_coroutine_threadsafe(_tell(number), _loop())


async def _tell(number: str) -> None:
    layer = get_channel_layer()
    told = {"type": "chat.news", "number": number}
    try:
        async with asyncio.timeout(_SECONDS):
            for group in (group_of(number), DESK):
                await layer.group_send(group, told)
    except (RedisError, OSError, TimeoutError) as error:
        logger.warning("feedback.chat.nudge_lost", extra={"error": type(error).__name__})


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """This process's own, in a thread of its own, so that its connection lives from one nudge to the next."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="chat-nudges", daemon=True).start()
    return loop
