"""Record what was done; seal what was recorded."""

import logging
from typing import Any

from django.db import connection, transaction

from wallet_project.audit.models import BEFORE_THE_FIRST, AuditEntry, AuditSeal
from wallet_project.kit import clock, context
from wallet_project.kit.rows import insert

logger = logging.getLogger(__name__)

BATCH = 1000
# Ids are given out before they are committed. An entry is looked for this far behind the last sealed one;
# what came later still is named by the verification.
LATECOMERS = 10_000
_SEALER = 726_355  # the advisory lock of whoever seals


def record_audit(*, action: str, subject: str, facts: dict[str, Any]) -> None:
    """
    Write one line in the caller's transaction; action "accounts.phone.bound", subject "user:12".

    Who, from where and in which request is taken from the context. `facts` are plain, and masked where they
    are personal.
    """
    here = context.current()
    insert(
        AuditEntry(
            at=clock.now(),
            action=action,
            subject=subject,
            actor=here.actor,
            request_id=here.request_id,
            ip=here.ip[:64],
            device_id=here.device_id,
            facts=facts,
        )
    )


def seal_trail() -> int:
    """Seal every entry that has no seal yet; returns how many. One sealer at a time, others do nothing."""
    sealed = 0
    while batch := _seal_batch():
        sealed += batch
    return sealed


def _seal_batch() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER])
        if not cursor.fetchone()[0]:
            return 0
        head = AuditSeal.objects.order_by("-position").first()
        position, digest = (head.position, bytes(head.digest)) if head else (0, BEFORE_THE_FIRST)
        waiting = AuditEntry.objects.filter(seal=None).order_by("pk")
        if head:
            waiting = waiting.filter(pk__gt=head.entry_id - LATECOMERS)
        now, seals = clock.now(), []
        for entry in waiting[:BATCH]:
            position, digest = position + 1, entry.digest_after(digest)
            seals.append(AuditSeal(position=position, entry=entry, digest=digest, sealed_at=now))
        AuditSeal.objects.bulk_create(seals)
    if seals:
        # The log leaves this machine; whoever rewrites the whole chain cannot rewrite this line.
        logger.info(
            "audit.sealed", extra={"position": position, "digest": digest.hex(), "entries": len(seals)}
        )
    return len(seals)
