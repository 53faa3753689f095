"""
Queue work so that it survives the loss of the broker.

`after_commit` writes a row in the caller's transaction. The relay sends it to the workers within a moment of
the commit, and again whenever its lease runs out; the row goes when the task has run. So a request never
waits for the broker, whatever the broker loses is sent again, and a task must be harmless twice.
"""

import json
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, NamedTuple

from celery import current_app, shared_task
from celery.exceptions import NotRegistered
from django.db import connection, transaction
from django.db.models import F
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from wallet_project.kit import clock, context
from wallet_project.kit.logs import in_short
from wallet_project.kit.models import Job, JobState
from wallet_project.kit.rows import insert

logger = logging.getLogger(__name__)

FAILURES_BEFORE_DEATH = 8
_FIRST_LEASE_SECONDS = 10
_MOST_DOUBLINGS = 6  # ten seconds grow to ten minutes, and no further
_REST_SECONDS = 3.0  # after a failed send the broker is left alone, so that events are not kept waiting

_resting_until = 0.0

# Asked many times a second, so it is not composed anew each time. The lease doubles with every sending.
_TAKE_DUE = """
    WITH due AS (
        SELECT id, available_at FROM kit_job WHERE state = 'QUEUED' AND available_at <= %(now)s
        ORDER BY available_at LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE kit_job AS job
    SET sends = sends + 1,
        available_at = %(now)s + %(first)s * interval '1 second' * 2 ^ least(sends + 1, %(most)s)
    FROM due WHERE due.id = job.id
    RETURNING due.available_at, job.id, job.task, job.arguments, job.request_id"""


class _Due(NamedTuple):
    """A job to be sent; the longest due first."""

    since: datetime
    job_id: int
    task: str
    arguments: str  # JSON
    request_id: str


class StillAtWork(Exception):
    """
    For a job that takes longer than its lease: another worker is at it. The row stays until that one is done,
    and comes again when the lease runs out.
    """


def after_commit(task: str, **arguments: Any) -> None:
    """
    Run a task, named by its string, once the current transaction has committed. Plain ids only.

    :raises celery.exceptions.NotRegistered: no app has a task of this name
    """
    current_app.tasks[task]  # a misspelt name fails here and now, not in the relay
    insert(
        Job(
            task=task,
            arguments=arguments,
            available_at=clock.now(),
            request_id=context.current().request_id,
        )
    )


def job(name: str, *, seconds: int | None = None) -> Callable[[Callable[..., None]], Any]:
    """
    A Celery task that after_commit may queue. Done: its row goes. Failed: later again, at last dead.

    `seconds` for one that may take longer than tasks usually do; it must then raise StillAtWork where it
    finds another worker at it.
    """
    limits = {"soft_time_limit": seconds, "time_limit": seconds + 30} if seconds else {}

    def decorate(function: Callable[..., None]) -> Any:
        @shared_task(name=name, **limits)
        @wraps(function)
        def run(*, job_id: int | None = None, request_id: str = "", **arguments: Any) -> None:
            # What a schedule starts has no row: it keeps the name that its task has (kit/tracing.py).
            called = context.current().request_id if job_id is None else f"job-{job_id}"
            with context.acting(request_id=request_id or called):
                try:
                    function(**arguments)
                except StillAtWork:
                    return
                except Exception as error:
                    if job_id is None:
                        raise
                    logger.exception("kit.job.failed", extra={"task": name, "job_id": job_id})
                    _note_failure(job_id, error)
                    return
                if job_id is not None:
                    Job.objects.filter(pk=job_id).delete()

        return run

    return decorate


def send_due(limit: int = 200) -> int:
    """The relay's part: send every job whose lease ran out. Returns how many were sent."""
    if time.monotonic() < _resting_until:
        return 0
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_DUE,
            {"now": now, "first": _FIRST_LEASE_SECONDS, "most": _MOST_DOUBLINGS, "limit": limit},
        )
        due = sorted(_Due(*row) for row in cursor.fetchall())
    sent = 0
    for waiting in due:
        if not _send(waiting):
            # The broker is away: these were not sent after all, and stay due instead of sitting out a lease.
            unsent = Job.objects.filter(pk__in=[late.job_id for late in due[sent:]])
            unsent.update(available_at=clock.now(), sends=F("sends") - 1)
            break
        sent += 1
    return sent


def revive(jobs: Any) -> int:
    """Give dead jobs a new life; used by the replay command and the admin."""
    return jobs.filter(state=JobState.DEAD).update(
        state=JobState.QUEUED, failures=0, available_at=clock.now()
    )


def _send(waiting: _Due) -> bool:
    """False: the broker is away."""
    global _resting_until
    try:
        current_app.tasks[waiting.task].apply_async(
            kwargs={
                **json.loads(waiting.arguments),
                "job_id": waiting.job_id,
                "request_id": waiting.request_id,
            },
            retry=False,
        )
    except NotRegistered as error:
        # Queued by a version that knew the task. One such row must not keep the relay from all the others.
        _note_failure(waiting.job_id, error)
    except (BrokerError, RedisError, OSError) as error:
        _resting_until = time.monotonic() + _REST_SECONDS
        logger.warning("kit.job.broker_away", extra={"error": type(error).__name__})
        return False
    return True


def _note_failure(job_id: int, error: Exception) -> None:
    with transaction.atomic():
        failed = Job.objects.select_for_update().filter(pk=job_id).first()
        if failed is None:
            return
        failed.failures += 1
        failed.last_error = in_short(error)
        failed.available_at = clock.now() + timedelta(seconds=min(2**failed.failures, 600))
        if failed.failures >= FAILURES_BEFORE_DEATH:
            failed.state = JobState.DEAD
            logger.error("kit.job.dead", extra={"task": failed.task, "job_id": job_id})
        failed.save()
