"""Run the schedule: short transactions, a bounded time, and a row that proves each run."""

import logging
import time

from django.db import DatabaseError, connection, transaction
from django.utils.module_loading import import_string

from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.compliance.errors import RetentionTooShort
from wallet_project.compliance.models import RetentionRule, RetentionRun
from wallet_project.compliance.selectors.outdated import KINDS, PASSING, oldest_left
from wallet_project.compliance.selectors.retention import cleared_before
from wallet_project.kit import clock
from wallet_project.kit.logs import in_short
from wallet_project.kit.retention import DroppedKind, FadingKind, PassingKind

logger = logging.getLogger(__name__)

BATCH = 500
_STATEMENT_SECONDS = 5
_RUN_SECONDS = 60  # below the workers' time limit; what is left then is the next run's


def write_missing_rules() -> None:
    """Kinds that a new version brings start with the days and the basis of the catalogue."""
    known = set(RetentionRule.objects.values_list("kind", flat=True))
    RetentionRule.objects.bulk_create(
        RetentionRule(kind=kind.key, keep_days=kind.keep_days, basis=kind.basis)
        for kind in KINDS.values()
        if kind.key not in known
    )


def propose_rule_change(
    *, rule: RetentionRule, keep_days: int, enabled: bool, reason: str, maker_id: int
) -> None:
    """
    Ask a second person to keep one kind for so many days, or to stop clearing it.

    :raises RetentionTooShort: less than the kind asks for
    :raises AlreadyProposed: a change of this rule is waiting
    """
    _require_long_enough(kind=rule.kind, keep_days=keep_days)
    propose(
        kind="compliance.retention",
        subject=f"retention:{rule.kind}",
        facts={
            "kind": rule.kind,
            "title": KINDS[rule.kind].title,
            "keep_days": keep_days,
            "enabled": enabled,
            "before": {"keep_days": rule.keep_days, "enabled": rule.enabled},
        },
        reason=reason,
        maker_id=maker_id,
    )


def change_rule(*, kind: str, keep_days: int, enabled: bool) -> None:
    """
    :raises RetentionTooShort: less than the kind asks for
    """
    _require_long_enough(kind=kind, keep_days=keep_days)
    with transaction.atomic():
        RetentionRule.objects.filter(kind=kind).update(
            keep_days=keep_days, enabled=enabled, updated_at=clock.now()
        )
        record_audit(
            action="compliance.retention.changed",
            subject=f"retention:{kind}",
            facts={"keep_days": keep_days, "enabled": enabled},
        )


def clear_outdated(*, kind: str) -> RetentionRun:
    """
    Clear what is older than the rule says, batch by batch; harmless when two do it at once.

    A failure ends the run and is written into it: what was cleared before is counted and stays cleared.
    """
    found = PASSING[kind]
    rule = RetentionRule.objects.get(kind=kind)
    now = clock.now()
    run = RetentionRun.objects.create(rule=rule, before=cleared_before(rule, now=now), started_at=now)
    stop = time.monotonic() + _RUN_SECONDS
    try:
        more = True
        while more and time.monotonic() < stop:
            more = _clear_batch(found, run)
        run.oldest_left = oldest_left(found, before=now)
        run.state = RetentionRun.State.UNFINISHED if more else RetentionRun.State.DONE
    except DatabaseError as error:  # a row that something still points to, a statement that took too long
        logger.exception("compliance.retention.failed", extra={"kind": kind})
        run.state, run.error = RetentionRun.State.FAILED, in_short(error)[:200]
    run.finished_at = clock.now()
    with transaction.atomic():
        run.save()
        if run.cleared:
            record_audit(
                action="compliance.retention.cleared",
                subject=f"retention:{kind}",
                facts={"before": clock.iso(run.before), "rows": run.cleared, "how": found.action},
            )
    return run


def _clear_batch(kind: PassingKind, run: RetentionRun) -> bool:
    """False: nothing was left. The deed asks again what is outdated, for it may have changed since."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s", [f"{_STATEMENT_SECONDS}s"])
        if isinstance(kind, DroppedKind):
            run.cleared += import_string(kind.drop)(before=run.before)
            run.save(update_fields=["cleared"])
            return False
        outdated = kind.outdated(before=run.before)
        ids = list(outdated.order_by(kind.since).values_list("pk", flat=True)[:BATCH])
        batch = outdated.filter(pk__in=ids)
        if isinstance(kind, FadingKind):
            run.cleared += batch.update(**kind.emptied)
        else:
            _with_cascades, rows = batch.delete()
            run.cleared += rows.get(outdated.model._meta.label, 0)
        run.save(update_fields=["cleared"])
    return bool(ids)


def _require_long_enough(*, kind: str, keep_days: int) -> None:
    minimum = KINDS[kind].minimum_days
    if keep_days < minimum:
        raise RetentionTooShort(minimum_days=minimum)
