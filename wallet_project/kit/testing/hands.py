"""Two hands on two connections: each step runs when the test says so, or is seen waiting for the other."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction


class Hand:
    """One connection in one open transaction, moved step by step."""

    def __init__(self, watcher: Any) -> None:
        self._watcher = watcher
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._pid = self.does(self._begin)

    def does(self, step: Callable[[], Any]) -> Any:
        """Take a step and see it done."""
        return self.starts(step).result(timeout=10)

    def starts(self, step: Callable[[], Any]) -> Future[Any]:
        """Begin a step that may have to wait."""
        return self._thread.submit(step)

    def is_seen_waiting(self, step: Future[Any]) -> bool:
        """Watch until the step waits for a lock, or is done without."""
        while not step.done():
            self._watcher.execute(
                "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'", [self._pid]
            )
            if self._watcher.fetchone():
                return True
            time.sleep(0.01)
        return False

    def commits(self) -> None:
        self.does(transaction.commit)

    def rolls_back(self) -> None:
        self.does(transaction.rollback)

    def leaves(self) -> None:
        self._thread.submit(connection.close)
        self._thread.shutdown()

    def _begin(self) -> int:
        transaction.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]


def sql(statement: str, *values: Any) -> Callable[[], Any]:
    """A step of plain SQL; its first value, if it has one."""

    def step() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone()[0] if cursor.description else None

    return step
