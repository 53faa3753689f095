"""Guards that keep transactions honest, locks in one order, and bounded retries."""

import random
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, models, transaction
from django.db.transaction import TransactionManagementError

_Model = TypeVar("_Model", bound=models.Model)
_P = ParamSpec("_P")
_R = TypeVar("_R")

# deadlock detected, serialization failure, lock timeout: nothing happened, the whole may be tried again
RETRIABLE: frozenset[str | None] = frozenset({"40P01", "40001", "55P03"})
_CANCELED = "57014"  # by the statement timeout


def require_transaction() -> None:
    """Writers of money call this first: without a transaction there would be nothing to roll back."""
    if not _open_blocks():
        raise TransactionManagementError("call this inside transaction.atomic()")


def forbid_transaction() -> None:
    """The network calls this first: nobody waits on somebody else's server holding a lock."""
    if _open_blocks():
        raise TransactionManagementError("commit first: this waits on the network")


def lock_rows(model: type[_Model], *, ids: Collection[Any]) -> dict[Any, _Model]:
    """Lock rows in primary key order, so that two callers can never wait for each other."""
    require_transaction()
    manager = model._default_manager  # public enough: Django documents it for generic code
    rows = manager.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows}


def lock_number(number: int) -> None:
    """Wait until nobody else holds this 64-bit number, and hold it until the transaction ends."""
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


@contextmanager
def time_limit(milliseconds: int, *, otherwise: Exception) -> Iterator[None]:
    """
    Around reading whose cost depends on what was asked for: no statement inside may take longer.

    :raises otherwise: one of them would have
    """
    try:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])
            yield
    except OperationalError as error:
        if sqlstate(error) != _CANCELED:
            raise
        raise otherwise from error


def let_statements_take(*, seconds: int) -> None:
    """For work over a whole day's rows: until the end of this transaction a statement may take so long."""
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds}s"])


def sqlstate(error: Exception) -> str | None:
    """The five-letter code PostgreSQL gave, if it was PostgreSQL that spoke."""
    return getattr(error.__cause__, "pgcode", None)


def retry_conflicts(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """
    Run a whole unit of work again, at most three times, when PostgreSQL broke a deadlock or a lock wait.

    Only for functions that open their own outermost transaction: a part cannot be retried.
    """

    @wraps(function)
    def retrying(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        for attempt in range(3):
            try:
                return function(*args, **kwargs)
            except OperationalError as error:
                if sqlstate(error) not in RETRIABLE or _open_blocks():
                    raise
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - spreads waiters, no secret
        return function(*args, **kwargs)

    return retrying


def _open_blocks() -> list[Any]:
    # Django's own bookkeeping, read here only; a test case's wrapping block does not count.
    blocks = connection.atomic_blocks
    return [block for block in blocks if not getattr(block, "_from_testcase", False)]
