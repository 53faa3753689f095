"""
What the clock starts, and whether it did: every entry of CELERY_BEAT_SCHEDULE keeps its latest run.

Beat's messages carry the entry's name; the worker that takes one notes when it began and how it ended. So a
job is late whichever of them is away: beat, the broker, the workers, or the job itself, failing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from celery.schedules import crontab, maybe_schedule
from celery.signals import task_postrun, task_prerun
from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Greatest
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from wallet_project.kit import clock
from wallet_project.kit.errors import TemporarilyUnavailable
from wallet_project.kit.logs import in_short
from wallet_project.kit.models import JobRun, RunOutcome, ScheduledJob

logger = logging.getLogger(__name__)

_HEADER = "scheduled_as"
_SKEW = timedelta(minutes=1)  # so far the clocks of two machines may be apart
_REMEMBERED_FROM = timedelta(minutes=5)  # what runs more often leaves a line only when it fails


@dataclass(frozen=True, kw_only=True)
class LateJob:
    """It should have run well by `due` and has not; `last_run` is when it last did, if ever."""

    name: str
    words: str
    due: datetime
    last_run: datetime | None


def late_jobs(now: datetime) -> list[LateJob]:
    """
    What has not run well in time, the longest first: an interval and five minutes too late (an hour at most),
    or half an hour for what has a time of day. One query.

    A clock that was moved back makes nobody wait until it has caught up: the first job that begins after it
    counts all others anew, and where none begins all are late.
    """
    jobs = ScheduledJob.objects.filter(name__in=settings.CELERY_BEAT_SCHEDULE)
    late = [
        LateJob(name=job.name, words=str(job), due=due, last_run=job.good_at)
        for job in jobs
        if (due := late_since(job, now))
    ]
    return sorted(late, key=lambda job: job.due)


def late_since(job: ScheduledJob, now: datetime) -> datetime | None:
    """When it should have run well, where that is too long ago."""
    since = job.good_at or job.known_since
    if since > now + _SKEW:
        return now
    due = due_after(job.name, since)
    return due if now > due + _grace_of(job.name) else None


def due_after(name: str, moment: datetime) -> datetime:
    """When an entry that began at this moment is to begin again."""
    rhythm = _rhythm_of(name)
    if isinstance(rhythm, crontab):
        last, delta, _now = rhythm.remaining_delta(moment)
        due: datetime = last + delta
        return due
    return moment + rhythm.run_every


def run_now(name: str) -> None:
    """
    Start an entry beside its schedule; jobs are harmless twice.

    :raises LookupError: it is not in the schedule
    :raises TemporarilyUnavailable: the broker is away, nothing was started
    """
    entry = settings.CELERY_BEAT_SCHEDULE[name]
    options = {key: value for key, value in entry["options"].items() if key != "expires"}
    try:
        current_app.tasks[entry["task"]].apply_async(kwargs=entry.get("kwargs"), retry=False, **options)
    except (BrokerError, RedisError, OSError) as error:
        raise TemporarilyUnavailable from error


def enrol_after_migrate(sender: AppConfig, using: str, **_signal: Any) -> None:
    """A deployment makes known what is scheduled, so that what never runs is missed."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if ScheduledJob._meta.db_table not in connection.introspection.table_names(cursor):
            return
    now = clock.now()
    rows = ScheduledJob.objects.using(using)
    rows.exclude(name__in=settings.CELERY_BEAT_SCHEDULE).delete()
    rows.bulk_create(
        [
            ScheduledJob(name=name, known_since=now, due_at=due_after(name, now))
            for name in settings.CELERY_BEAT_SCHEDULE
        ],
        ignore_conflicts=True,
    )


@task_prerun.connect
def _note_begin(task: Any, **_facts: Any) -> None:
    name = _name_of(task)
    if name is None:
        return
    now = clock.now()
    _count_anew(now)
    waited = ExpressionWrapper(Value(now) - F("due_at"), output_field=DurationField())
    ScheduledJob.objects.filter(name=name).update(
        begun_at=now,
        waited=Greatest(waited, Value(timedelta())),
        due_at=due_after(name, now),
        outcome=RunOutcome.RUNNING,
    )


@task_postrun.connect
def _note_end(task: Any, retval: Any, state: str, **_facts: Any) -> None:
    name = _name_of(task)
    job = ScheduledJob.objects.filter(name=name).first() if name else None
    if job is None or job.begun_at is None:
        return
    job.took = clock.now() - job.begun_at
    if state == "SUCCESS":
        job.outcome, job.error, job.failures, job.good_at = RunOutcome.DONE, "", 0, job.begun_at
    else:
        job.outcome, job.error, job.failures = RunOutcome.FAILED, in_short(retval), job.failures + 1
        logger.error("kit.schedule.failed", extra={"scheduled": name, "error": job.error})
    job.save(update_fields=["took", "outcome", "error", "failures", "good_at"])
    if (
        job.outcome == RunOutcome.FAILED
        or due_after(job.name, job.begun_at) - job.begun_at >= _REMEMBERED_FROM
    ):
        kept = {field: getattr(job, field) for field in ("begun_at", "waited", "took", "outcome", "error")}
        JobRun.objects.create(job=job, **kept)


def _count_anew(now: datetime) -> None:
    """What ran well in a time to come, before the clock was moved back, is missed as if it had run now."""
    for field in ("good_at", "known_since"):
        if ScheduledJob.objects.filter(**{f"{field}__gt": now + _SKEW}).update(**{field: now}):
            logger.warning("kit.schedule.clock_moved_back", extra={"field": field})


def _name_of(task: Any) -> str | None:
    name = (task.request.headers or {}).get(_HEADER)
    return name if name in settings.CELERY_BEAT_SCHEDULE else None


def _rhythm_of(name: str) -> Any:
    return maybe_schedule(settings.CELERY_BEAT_SCHEDULE[name]["schedule"], app=current_app)


def _grace_of(name: str) -> timedelta:
    rhythm = _rhythm_of(name)
    if isinstance(rhythm, crontab):
        return timedelta(minutes=30)
    return min(rhythm.run_every + timedelta(minutes=5), timedelta(hours=1))
