"""Work that was committed is done, whatever happens to the broker and the workers."""

import base64
import json
import os
import pickle
import time
import uuid
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from celery.exceptions import NotRegistered
from django.core.management import call_command
from django.db import transaction

from wallet_project.kit import clock, context, jobs
from wallet_project.kit.models import Job, JobState, StoredEvent

trouble = set()  # pieces that cannot be done now


@jobs.job("kit.tests.work")
def work(*, piece, **_later):
    """What was done is a row that the tests count."""
    StoredEvent.objects.create(name="kit.tests.worked", aggregate=piece, payload=context.current().request_id)
    if piece in trouble:
        raise ValueError("no\0tools, call 13800138000")


@jobs.job("kit.tests.long_work", seconds=400)
def long_work(**_later):
    """What another worker has not done yet."""
    raise jobs.StillAtWork


class Exploding:
    """Unpickled, it would run what it likes."""

    def __reduce__(self):
        return os._exit, (66,)


@pytest.fixture(autouse=True)
def _nobody_elses_jobs(request):
    """What earlier tests committed and left queued is sent by nobody here."""
    if "committed_db" in request.fixturenames:
        request.getfixturevalue("committed_db")
        Job.objects.all().delete()


@pytest.fixture
def piece():
    name = uuid.uuid4().hex
    yield name
    trouble.discard(name)


def queue(piece):
    with transaction.atomic():
        jobs.after_commit("kit.tests.work", piece=piece)


def done(piece):
    return StoredEvent.objects.filter(name="kit.tests.worked", aggregate=piece).count()


def job_of(piece):
    return Job.objects.filter(arguments__piece=piece).first()


def make_due(piece):
    Job.objects.filter(arguments__piece=piece).update(available_at=clock.now())


def wait_until(true):
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def messages(broker):
    return broker.client.llen("celery")


@pytest.mark.django_db
def test_a_job_is_queued_with_its_cause_or_not_at_all(piece):
    with suppress(ZeroDivisionError), transaction.atomic():
        jobs.after_commit("kit.tests.work", piece=piece)
        raise ZeroDivisionError

    assert job_of(piece) is None


@pytest.mark.django_db
def test_a_misspelt_task_fails_where_it_was_written():
    with pytest.raises(NotRegistered):
        jobs.after_commit("kit.tests.wrok", piece="1")

    assert not Job.objects.exists()


@pytest.mark.django_db
def test_the_relay_has_the_work_done_and_its_row_goes(piece):
    with context.acting(request_id="request-7"):
        queue(piece)
    assert done(piece) == 0

    assert jobs.send_due() == 1

    assert job_of(piece) is None
    assert StoredEvent.objects.get(aggregate=piece).payload == "request-7"


@pytest.mark.django_db
def test_what_a_schedule_starts_keeps_the_name_of_its_task(piece):
    with context.acting(request_id="task-7"):
        work(piece=piece)

    assert StoredEvent.objects.get(aggregate=piece).payload == "task-7"


@pytest.mark.django_db
def test_what_fails_is_tried_again_later_and_dead_after_eight_times(piece):
    trouble.add(piece)
    queue(piece)
    jobs.send_due()
    failed = job_of(piece)
    assert (failed.state, failed.failures) == (JobState.QUEUED, 1)
    assert failed.last_error == "ValueError: no\ufffdtools, call 138****8000"
    assert failed.available_at > clock.now()

    for hour in range(1, 8):
        with time_machine.travel(clock.now() + timedelta(hours=hour), tick=False):
            assert jobs.send_due() == 1

    dead = job_of(piece)
    assert (dead.state, dead.failures) == (JobState.DEAD, 8)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert jobs.send_due() == 0


@pytest.mark.django_db
def test_the_dead_can_be_listed_and_brought_back_to_life(piece):
    trouble.add(piece)
    queue(piece)
    Job.objects.update(failures=7, available_at=clock.now())
    jobs.send_due()
    assert job_of(piece).state == JobState.DEAD
    listed, replayed = StringIO(), StringIO()
    before = done(piece)

    call_command("outbox", "list", stdout=listed)
    trouble.clear()
    call_command("outbox", "replay", "--task", "kit.tests.work", stdout=replayed)
    jobs.send_due()

    assert "dead job" in listed.getvalue()
    assert piece in listed.getvalue()
    assert "replaying 0 deliveries and 1 jobs" in replayed.getvalue()
    assert job_of(piece) is None
    assert done(piece) == before + 1


@pytest.mark.django_db
def test_a_job_whose_task_is_gone_holds_nobody_up(piece):
    Job.objects.create(task="kit.tests.renamed", arguments={}, available_at=clock.now() - timedelta(hours=1))
    queue(piece)

    assert jobs.send_due() == 2

    assert job_of(piece) is None
    orphan = Job.objects.get(task="kit.tests.renamed")
    assert (orphan.state, orphan.failures) == (JobState.QUEUED, 1)
    assert "renamed" in orphan.last_error


@pytest.mark.django_db
def test_the_pauses_between_sends_grow_to_ten_minutes_and_no_further(piece, broker):
    queue(piece)
    pauses = []
    for _ in range(60):
        make_due(piece)
        with time_machine.travel(clock.now(), tick=False):
            assert jobs.send_due() == 1
            pauses.append((job_of(piece).available_at - clock.now()).total_seconds())

    assert pauses[:6] == [20, 40, 80, 160, 320, 640]
    assert set(pauses[6:]) == {640}


def test_with_a_broker_a_worker_does_the_work(worker, broker, piece):
    queue(piece)
    assert messages(broker) == 0  # a request does not even speak to the broker
    assert jobs.send_due() == 1
    assert messages(broker) == 1
    assert done(piece) == 0

    with worker():
        wait_until(lambda: job_of(piece) is None)

    assert done(piece) == 1


def test_a_job_sent_twice_is_gone_after_the_first_time_and_harmless_the_second(worker, broker, piece):
    queue(piece)
    jobs.send_due()
    make_due(piece)
    jobs.send_due()
    assert messages(broker) == 2

    with worker():
        wait_until(lambda: done(piece) == 2)

    assert job_of(piece) is None  # that doing it twice changes nothing is each task's promise


def test_a_broker_that_forgot_everything_loses_nothing(worker, broker, piece):
    queue(piece)
    jobs.send_due()
    broker.client.flushall()
    assert messages(broker) == 0

    with worker():
        assert job_of(piece) is not None
        make_due(piece)
        assert jobs.send_due() == 1
        wait_until(lambda: job_of(piece) is None)

    assert done(piece) == 1


def test_while_the_broker_is_away_nobody_waits_and_nothing_is_lost(worker, broker, piece, monkeypatch):
    broker.stop()
    queue(piece)

    started = time.monotonic()
    for _ in range(50):
        monkeypatch.setattr(jobs, "_resting_until", 0.0)
        assert jobs.send_due() == 0
    assert time.monotonic() - started < 10

    waiting = job_of(piece)
    assert waiting.sends == 0  # none of them counts
    assert waiting.available_at <= clock.now()
    broker.start()
    assert jobs.send_due() == 0  # left alone for a moment
    monkeypatch.setattr(jobs, "_resting_until", 0.0)
    assert jobs.send_due() == 1
    with worker():
        wait_until(lambda: job_of(piece) is None)
    assert done(piece) == 1


def test_a_pickle_slipped_into_the_queue_is_not_opened_and_holds_nobody_up(worker, broker, piece):
    queue(piece)
    jobs.send_due()
    genuine = json.loads(broker.client.lpop("celery"))
    pickled = base64.b64encode(pickle.dumps(Exploding())).decode()
    poison = {**genuine, "body": pickled, "content-type": "application/x-python-serialize"}
    broker.client.lpush("celery", json.dumps(poison))
    make_due(piece)
    jobs.send_due()

    with worker():
        wait_until(lambda: job_of(piece) is None)

    assert done(piece) == 1


def test_two_relays_send_a_due_job_once(committed_db, piece, in_parallel):
    queue(piece)

    in_parallel([jobs.send_due, jobs.send_due])

    assert job_of(piece) is None
    assert done(piece) == 1


def test_a_job_that_another_worker_is_at_stays_and_counts_no_failure(committed_db):
    with transaction.atomic():
        jobs.after_commit("kit.tests.long_work")
    assert jobs.send_due() == 1

    waiting = Job.objects.get(task="kit.tests.long_work")
    assert (waiting.state, waiting.failures, waiting.sends) == (JobState.QUEUED, 0, 1)
    assert waiting.available_at > clock.now()
    assert (long_work.soft_time_limit, long_work.time_limit) == (400, 430)
