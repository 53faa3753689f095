"""Where a secret could have come to lie: log lines, answers, Valkey, every table."""

import base64
import json
import logging
import re
from collections.abc import Iterable
from typing import Any

import redis
from django.conf import settings

from wallet_project.kit.logs import json_formatter

_STANDARD = set(vars(logging.makeLogRecord({})))


class LogKeeper(logging.Handler):
    """
    Every record at INFO or above, twice: as it is written, and as it was before the net took anything out.

    The net is for mistakes; so nothing secret may be in it to begin with.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(json_formatter())
        self.written: list[str] = []
        self.before_the_net: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))
        extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        raised = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self.before_the_net.append(f"{record.getMessage()} {extra} {raised}")


def pattern_of(*secrets: str) -> str:
    """Any of these texts, in every spelling in which it may have been stored; for Python and PostgreSQL."""
    return "|".join(_pattern_of_one(secret) for secret in secrets)


def in_texts(pattern: str, texts: Iterable[str]) -> list[str]:
    return [text for text in texts if re.search(pattern, text)]


def in_tables(pattern: str, cursor: Any) -> list[str]:
    """`table.column` of whatever holds it; numbers and times are no text."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public'"
        " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'bytea', 'ARRAY')"
    )
    found = []
    for table, column in cursor.fetchall():
        cursor.execute(
            f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE "{column}"::text ~ %s)',  # noqa: S608
            [pattern],
        )
        if cursor.fetchone()[0]:
            found.append(f"{table}.{column}")
    return found


def everything_in_valkey() -> list[str]:
    """Every key with its value, whatever its type."""
    server = redis.Redis.from_url(settings.REDIS_URL)
    reads = {
        b"string": server.get,
        b"hash": server.hgetall,
        b"list": lambda key: server.lrange(key, 0, -1),
        b"set": server.smembers,
        b"zset": lambda key: server.zrange(key, 0, -1, withscores=True),
    }
    kinds = ((key, server.type(key)) for key in server.scan_iter(count=1000))
    return [f"{key!r} {reads[kind](key)!r}" for key, kind in kinds if kind != b"none"]  # which is: just gone


def secrets_of_ours() -> dict[str, str]:
    """What this process itself must keep to itself."""
    rings = {"FIELD_KEYS": settings.FIELD_KEYS, "INDEX_KEYS": settings.INDEX_KEYS}
    return {
        "SECRET_KEY": settings.SECRET_KEY,
        "the app secret": settings.WECHAT["app_secret"],
        "the APIv3 key": settings.WECHAT["apiv3_key"],
        "the merchant's key": settings.WECHAT["merchant_private_key"].read_text().splitlines()[1],
        **{
            f"key {number} of {name}": base64.b64encode(key).decode()
            for name, ring in rings.items()
            for number, key in ring.items()
        },
    }


def _pattern_of_one(secret: str) -> str:
    raw = secret.encode()
    spellings = {
        secret,
        raw.hex(),
        base64.b64encode(raw).decode().rstrip("="),
        json.dumps(secret)[1:-1],  # Chinese as \\u escapes
    }
    either = "|".join(re.escape(spelling) for spelling in sorted(spellings))
    # Six digits alone are found in many a number; they count where they stand by themselves.
    return rf"(?<![\w.])({either})(?!\w)" if secret.isdigit() and len(secret) < 10 else rf"({either})"
