"""Many callers at the same moment."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections


def run_in_parallel(calls: Sequence[Callable[[], Any]], *, threads: int = 32) -> list[Any]:
    """Start together at a barrier; return each call's answer, or the exception it raised, in order."""
    width = min(threads, len(calls))
    barrier = threading.Barrier(width)
    met = threading.local()

    def run(call: Callable[[], Any]) -> Any:
        if not getattr(met, "yes", False):
            met.yes = True
            barrier.wait(timeout=30)
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - the caller asks what happened to each
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=width) as pool:
        return list(pool.map(run, calls))
