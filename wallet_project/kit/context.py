"""Who is asking, from which device, in which request: one context variable that follows the call."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Context:
    request_id: str = ""
    actor: str = "system"  # "user:12", "staff:3", "shop:1", "wechat", "system"
    device_id: str = ""
    ip: str = ""
    event_id: str = ""  # of the stored event that is being handed over


_current: ContextVar[Context] = ContextVar("wallet_context", default=Context())  # noqa: B039 - frozen


def current() -> Context:
    return _current.get()


def fill_in(**facts: str) -> None:
    """Add what became known on the way, for example who the token belongs to."""
    _current.set(replace(_current.get(), **facts))


_viewer: ContextVar[Any] = ContextVar("wallet_viewer", default=None)


@contextmanager
def seen_by(user: Any) -> Iterator[None]:
    """Pages made in this block are for one member of staff."""
    token = _viewer.set(user)
    try:
        yield
    finally:
        _viewer.reset(token)


def viewer_may(permission: str) -> bool:
    """Whether who looks at the page has it; True where nobody is known to look."""
    viewer = _viewer.get()
    return viewer is None or viewer.has_perm(permission)


def begin(fresh: Context) -> None:
    """For a worker's next task, which has no block of its own."""
    _current.set(fresh)


@contextmanager
def acting(**facts: str) -> Iterator[Context]:
    """Run a block in a context of its own."""
    token = _current.set(Context(**facts))
    try:
        yield _current.get()
    finally:
        _current.reset(token)
