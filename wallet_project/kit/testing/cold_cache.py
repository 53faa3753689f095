"""Every test starts with an empty cache, without emptying anybody's server."""

import uuid
from typing import Any

_prefix = uuid.uuid4().hex


def key_of_this_test(key: Any, key_prefix: str, version: Any) -> str:
    """Django's KEY_FUNCTION in tests: what an earlier test, or another process, cached has another key."""
    return f"{_prefix}:{key_prefix}:{version}:{key}"


def forget_everything() -> None:
    global _prefix
    _prefix = uuid.uuid4().hex
