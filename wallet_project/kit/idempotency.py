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

_current: ContextVar["_Claim | None"] = ContextVar("idempotency_key", default=None)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True)
class _Claim:
    """A key that this request has, and what an interrupted request with it has brought about."""

    key_id: int
    effect: str


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
        _current.set(_Claim(inserted[0], effect=""))
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
    row.refresh_from_db(fields=["subject"])  # whoever had it may have come to something while we took it
    _current.set(_Claim(row.pk, effect=row.subject))
    return None


def this_request() -> str:
    """
    Names the request that is worked on, the same in each try of it: whoever does something once per source
    has no effect to keep.

    :raises LookupError: it is not @idempotent
    """
    claim = _current.get()
    if claim is None:
        raise LookupError("no Idempotency-Key was claimed")
    return f"request:{claim.key_id}"


def keep_effect(subject: str) -> None:
    """
    Called inside the money transaction: this key has had its effect, and `subject` is it.

    :raises RequestInProgress: this request outlived its lease and its successor was faster: roll back
    """
    require_transaction()
    if (claim := _current.get()) is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kit_idempotencykey SET subject = %s WHERE id = %s AND subject IN ('', %s)",
            [subject, claim.key_id, subject],
        )
        if not cursor.rowcount:
            raise RequestInProgress


def earlier_effect() -> str | None:
    """What an earlier, interrupted request with the same key brought about."""
    claim = _current.get()
    return (claim and claim.effect) or None


def finish(answer: Answer) -> None:
    """Store the answer for every later request with this key; what was answered first stays."""
    if (claim := _let_go()) is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE kit_idempotencykey SET status = %s, body = %s WHERE id = %s AND status IS NULL",
                [answer.status, answer.body, claim.key_id],
            )


def release() -> None:
    """No answer worth keeping: free the key, or leave its effect to be found by the next try."""
    if (claim := _let_go()) is not None:
        row = IdempotencyKey.objects.filter(pk=claim.key_id)
        if not row.filter(subject="").delete()[0]:
            row.update(locked_until=clock.now())


def _let_go() -> _Claim | None:
    """First of all, before anything can fail: this thread's next request must not find somebody's key."""
    claim = _current.get()
    _current.set(None)
    return claim
