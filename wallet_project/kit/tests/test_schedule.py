"""What the clock starts leaves word of how it went, and is missed when it does not run."""

import time
from datetime import datetime, timedelta

import pytest
import time_machine
from celery.schedules import crontab
from django.conf import settings
from kombu.exceptions import OperationalError as BrokerError

from wallet_project.kit import clock, jobs
from wallet_project.kit.apps import KitConfig
from wallet_project.kit.errors import TemporarilyUnavailable
from wallet_project.kit.models import JobRun, ScheduledJob
from wallet_project.kit.schedule import due_after, enrol_after_migrate, late_jobs, run_now

MORNING = datetime(2026, 11, 29, 8, 0, tzinfo=clock.SHANGHAI)

tired = []


@jobs.job("kit.tests.chore")
def chore(**_later):
    if tired:
        raise ValueError("no hands, call 13800138000")


def entry(name, schedule):
    return {"task": "kit.tests.chore", "schedule": schedule, "options": {"headers": {"scheduled_as": name}}}


@pytest.fixture
def scheduled(db, settings):
    """Three chores, known since eight in the morning."""
    settings.CELERY_BEAT_SCHEDULE = {
        "often": entry("often", 10),
        "seldom": entry("seldom", 600),
        "nightly": entry("nightly", crontab(hour=3, minute=30)),
    }
    with time_machine.travel(MORNING, tick=False):
        enrol_after_migrate(KitConfig, using="default")
    return settings.CELERY_BEAT_SCHEDULE


@pytest.fixture
def _tired():
    tired.append(True)
    yield
    tired.clear()


def names_of_late(after):
    return [job.name for job in late_jobs(MORNING + after)]


def test_every_entry_has_a_name_for_people():
    assert set(settings.SCHEDULE_WORDS) == set(settings.CELERY_BEAT_SCHEDULE), "say in settings/queues.py"


def test_a_deployment_makes_known_what_is_scheduled_and_drops_what_is_gone(scheduled):
    del scheduled["seldom"]

    enrol_after_migrate(KitConfig, using="default")

    assert set(ScheduledJob.objects.values_list("name", "known_since")) == {
        ("often", MORNING),
        ("nightly", MORNING),
    }


def test_each_rhythm_knows_when_it_is_due(scheduled):
    assert due_after("often", MORNING) == MORNING + timedelta(seconds=10)
    assert due_after("nightly", MORNING) == datetime(2026, 11, 30, 3, 30, tzinfo=clock.SHANGHAI)


@pytest.mark.usefixtures("scheduled")
def test_what_does_not_run_is_missed_when_its_grace_is_over():
    assert names_of_late(timedelta(minutes=5)) == []
    assert names_of_late(timedelta(minutes=6)) == ["often"]
    assert names_of_late(timedelta(minutes=26)) == ["often", "seldom"]
    assert names_of_late(timedelta(hours=19, minutes=59)) == ["often", "seldom"]
    assert names_of_late(timedelta(hours=20, minutes=1)) == ["often", "seldom", "nightly"]


@pytest.mark.usefixtures("scheduled")
def test_a_run_that_ends_well_is_noted_with_how_late_it_was():
    with time_machine.travel(MORNING + timedelta(seconds=25), tick=False):
        run_now("often")
        run_now("seldom")

    job = ScheduledJob.objects.get(name="often")
    assert (job.outcome, job.begun_at, job.good_at) == ("DONE", *[MORNING + timedelta(seconds=25)] * 2)
    assert (job.waited, job.took) == (timedelta(seconds=15), timedelta(0))
    assert job.due_at == MORNING + timedelta(seconds=35)
    assert names_of_late(timedelta(minutes=5, seconds=30)) == []
    assert list(JobRun.objects.values_list("job", "outcome")) == [("seldom", "DONE")], (
        "the frequent leave no line"
    )


@pytest.mark.usefixtures("scheduled", "_tired")
def test_a_run_that_fails_is_kept_in_short_and_does_not_count_as_one():
    for minute in (1, 2):
        with time_machine.travel(MORNING + timedelta(minutes=minute), tick=False):
            run_now("often")

    job = ScheduledJob.objects.get(name="often")
    assert (job.outcome, job.failures, job.good_at) == ("FAILED", 2, None)
    assert job.error == "ValueError: no hands, call 138****8000"
    assert JobRun.objects.filter(job="often", outcome="FAILED").count() == 2
    assert names_of_late(timedelta(minutes=6)) == ["often"]


@pytest.mark.usefixtures("scheduled")
def test_a_clock_that_is_moved_back_silences_nothing():
    ScheduledJob.objects.filter(name="seldom").update(good_at=MORNING + timedelta(minutes=5))
    back = timedelta(days=-2)
    assert set(names_of_late(back)) == {"often", "seldom", "nightly"}, "nothing has run since"

    with time_machine.travel(MORNING + back, tick=False):
        run_now("often")

    assert names_of_late(back + timedelta(minutes=5)) == []
    assert names_of_late(back + timedelta(minutes=6)) == ["often"]
    assert names_of_late(back + timedelta(minutes=26)) == ["often", "seldom"]
    assert names_of_late(back + timedelta(hours=21)) == ["often", "seldom", "nightly"]
    assert ScheduledJob.objects.get(name="nightly").good_at is None


@pytest.mark.committed
def test_a_worker_knows_from_the_message_what_it_was_started_as(worker):
    before = clock.now()
    run_now("heartbeat")

    with worker():
        deadline = time.monotonic() + 20
        while not ScheduledJob.objects.filter(name="heartbeat", good_at__gte=before).exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.usefixtures("scheduled")
def test_nothing_is_started_without_a_broker(monkeypatch):
    def away(**_options):
        raise BrokerError

    monkeypatch.setattr(chore, "apply_async", away)

    with pytest.raises(TemporarilyUnavailable):
        run_now("often")

    assert ScheduledJob.objects.get(name="often").begun_at is None
