"""
A process that dies where its death would be seen, at every such place in turn.

What others can see of a process changes at a commit, at a request to somebody else's server, and where work
is given away: a task to a worker, an event to its listener. Those are the points; nobody has to write them
into the code, and one that is added to a flow is found by the next run. A point is named for what happens and
who lets it happen, and numbered where that happens again: `payments.services.prepay._keep_prepay: commit #1`.
"""

import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from enum import StrEnum
from types import FrameType
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
from celery.app.task import Task
from django.db import connection, connections

from wallet_project.kit import relay
from wallet_project.kit.outbound import OutboundSession

_OURS = re.compile(r"(accounts|wallet|payments|wallet_project)\.(?!tests|kit\.(testing|db|outbound))")
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)
_NUMBERS = re.compile(r"[^/]*\d{6}[^/]*")


class Died(BaseException):
    """Nobody catches it, as nobody catches SIGKILL."""


class How(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    TWICE = "twice"
    """Before it, and again where the next process comes to the same point."""


class Life:
    """One process, in this thread, from its first word to its last."""

    def __init__(self, *, dies_at: str = "", how: How = How.BEFORE) -> None:
        self.points: list[str] = []
        self.world_moved_after: set[str] = set()
        self._met: Counter[str] = Counter()
        self._dies_at, self._how = dies_at, how
        self._dead = False
        self._thread = threading.get_ident()

    @property
    def deaths(self) -> list[tuple[str, How]]:
        """
        Where and how whoever lives this story may die: before every point, and twice there. After one is
        before the next, unless somebody else acts in between.
        """
        afterwards = self.world_moved_after | set(self.points[-1:])
        return [
            (point, how)
            for point in self.points
            for how in How
            if how is not How.AFTER or point in afterwards
        ]

    def live(self, story: Callable[[], Any]) -> bool:
        """Whether it came to the end of its story."""
        try:
            with self._watched():
                copy_context().run(story)
        except Died:
            return False
        finally:
            if self._dead:
                connections.close_all()
        return True

    @contextmanager
    def _watched(self) -> Iterator[None]:
        commit, send = connection.commit, requests.Session.send
        give, hand_over = Task.apply_async, relay.hand_over

        def committing() -> None:
            who = _whoever()
            if who and _something_written():
                self._point(f"{who}: commit", commit)
            else:
                commit()

        def sending(session: Any, request: Any, **how: Any) -> Any:
            if not isinstance(session, OutboundSession):  # not ours: the test plays somebody else
                self.world_moved_after.update(self.points[-1:])
                return send(session, request, **how)
            path = _NUMBERS.sub("…", urlsplit(request.url).path)
            return self._point(f"{request.method} {path}", lambda: send(session, request, **how))

        def giving(task: Task, *args: Any, **how: Any) -> Any:
            return self._point(f"task {task.name}", lambda: give(task, *args, **how))

        def handing(name: str, payload: Any, listener: str) -> None:
            self._point(f"event {name} for {listener}", lambda: hand_over(name, payload, listener))

        with (
            patch.object(connection, "commit", committing),
            patch.object(requests.Session, "send", sending),
            patch.object(Task, "apply_async", giving),
            patch.object(relay, "hand_over", handing),
            connection.execute_wrapper(self._say),
        ):
            yield

    def _say(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        """A statement; one that writes outside of a transaction commits what it says."""
        self._require_life()
        who = "" if connection.in_atomic_block or not _WRITES.match(sql) else _whoever()
        return self._point(f"{who}: statement", lambda: execute(sql, *more)) if who else execute(sql, *more)

    def _point(self, name: str, act: Callable[[], Any]) -> Any:
        if threading.get_ident() != self._thread:
            return act()
        self._require_life()
        self._met[name] += 1
        point = f"{name} #{self._met[name]}"
        self.points.append(point)
        mine = self._dies_at in (point, name)
        if mine and self._how is not How.AFTER:
            self._die()
        done = act()
        if mine and self._how is How.AFTER:
            self._die()
        return done

    def _require_life(self) -> None:
        # Once dead always dead: what the unwinding stack would still like to say is not said.
        if self._dead:
            raise Died

    def _die(self) -> None:
        self._dead = True
        connection.close()  # and with it what was not committed
        raise Died


def _something_written() -> bool:
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        return bool(cursor.fetchone()[0])


def _whoever() -> str:
    """Who of the product acts; empty where it is the test itself that does."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if _OURS.match(module):
            return f"{module}.{frame.f_code.co_qualname.replace('.<locals>', '')}"
        if module.startswith("wallet_project.tests"):
            break
        frame = frame.f_back
    return ""
