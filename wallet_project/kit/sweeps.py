"""What the clock does to many rows, one after the other."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

logger = logging.getLogger(__name__)

Row = TypeVar("Row")


def sweep(rows: Iterable[Row], act: Callable[[Row], bool], *, failed: str) -> int:
    """
    Act on each, in a transaction of its own; returns on how many `act` says that it did. One that fails must
    not keep the others waiting: that is logged under this name.
    """
    done = 0
    for row in rows:
        try:
            done += act(row)
        except Exception:
            logger.exception(failed, extra={"row": str(row)})
    return done
