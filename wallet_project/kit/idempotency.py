"""
The same request twice has one effect and one answer.

A key is claimed before the work begins, the money transaction notes its effect on the same row
(`keep_effect`), and the answer is stored when it is known. Whoever dies in between leaves either a free key
or a key that names its effect; the next try with that key then finds the effect (`earlier_effect`) instead of
repeating it.
"""

import hashlib
import json
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.errors import IdempotencyKeyReused, RequestInProgress
from wallet_project.kit.models import IdempotencyKey

LEASE = timedelta(seconds=60)

_current: ContextVar[int | None] = ContextVar("idempotency_key", default=None)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def fingerprint(*, method: str, path: str, body: Any) -> bytes:
    """Two requests with the same fingerprint ask for the same thing."""
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{method}\n{path}\n{canonical}".encode()).digest()


def claim(*, scope: str, key: str, fingerprint: bytes) -> Answer | None:
    """
    Take a key, or hear what it was answered before.

    :raises IdempotencyKeyReused: the key belongs to another request
    :raises RequestInProgress: the first request with this key has not finished
    """
    now = clock.now()
    with connection.cursor() as cursor:
        # Not get_or_create: its savepoint would cost two round trips on the hottest path we have.
        cursor.execute(
            "INSERT INTO kit_idempotencykey (scope, key, fingerprint, locked_until, subject, created_at)"
            " VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT (scope, key) DO NOTHING RETURNING id",
            [scope, key, fingerprint, now + LEASE, now],
        )
        inserted = cursor.fetchone()
    if inserted:
        _current.set(inserted[0])
        return None
    row = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    if row is None:  # released between our insert and our look
        raise RequestInProgress
    if bytes(row.fingerprint) != fingerprint:
        raise IdempotencyKeyReused
    if row.status is not None:
        return Answer(status=row.status, body=bytes(row.body or b""))
    taken = IdempotencyKey.objects.filter(
        pk=row.pk, status=None, locked_until=row.locked_until, locked_until__lte=now
    )
    if not taken.update(locked_until=now + LEASE):
        raise RequestInProgress
    _current.set(row.pk)
    return None


def this_request() -> str:
    """
    Names the request that is worked on, the same in each try of it: whoever does something once per source
    has no effect to keep.

    :raises LookupError: it is not @idempotent
    """
    key = _current.get()
    if key is None:
        raise LookupError("no Idempotency-Key was claimed")
    return f"request:{key}"


def keep_effect(subject: str) -> None:
    """
    Called inside the money transaction: this key has had its effect, and `subject` is it.

    :raises RequestInProgress: this request outlived its lease and its successor was faster: roll back
    """
    require_transaction()
    if (key_id := _current.get()) is None:
        return
    mine = IdempotencyKey.objects.filter(pk=key_id, subject__in=("", subject))
    if not mine.update(subject=subject):
        raise RequestInProgress


def earlier_effect() -> str | None:
    """What an earlier, interrupted request with the same key brought about."""
    if (key_id := _current.get()) is None:
        return None
    return IdempotencyKey.objects.values_list("subject", flat=True).get(pk=key_id) or None


def finish(answer: Answer) -> None:
    """Store the answer for every later request with this key; what was answered first stays."""
    if (key_id := _let_go()) is not None:
        unanswered = IdempotencyKey.objects.filter(pk=key_id, status=None)
        unanswered.update(status=answer.status, body=answer.body)


def release() -> None:
    """No answer worth keeping: free the key, or leave its effect to be found by the next try."""
    if (key_id := _let_go()) is not None:
        row = IdempotencyKey.objects.filter(pk=key_id)
        if not row.filter(subject="").delete()[0]:
            row.update(locked_until=clock.now())


def _let_go() -> int | None:
    """First of all, before anything can fail: this thread's next request must not find somebody's key."""
    key_id = _current.get()
    _current.set(None)
    return key_id
