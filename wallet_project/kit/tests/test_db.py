"""Guards, locks and retries, on real connections of a real PostgreSQL."""

import threading
import uuid

import pytest
from django.db import OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError

from wallet_project.kit import clock
from wallet_project.kit.db import (
    forbid_transaction,
    lock_rows,
    require_transaction,
    retry_conflicts,
    sqlstate,
    time_limit,
)
from wallet_project.kit.models import Heartbeat


@pytest.fixture
def pair(committed_db):
    """Two committed rows that two callers may fight over."""
    rows = [Heartbeat(name=uuid.uuid4().hex, at=clock.now()) for _ in range(2)]
    Heartbeat.objects.bulk_create(rows)
    return sorted(row.name for row in rows)


def touch(name):
    Heartbeat.objects.filter(name=name).update(at=clock.now())


@pytest.mark.django_db
def test_a_writer_of_money_is_refused_outside_a_transaction():
    with pytest.raises(TransactionManagementError, match=r"inside transaction.atomic"):
        require_transaction()
    with transaction.atomic():
        require_transaction()


@pytest.mark.django_db
def test_the_network_is_refused_inside_a_transaction():
    forbid_transaction()
    with transaction.atomic(), pytest.raises(TransactionManagementError, match="commit first"):
        forbid_transaction()
    forbid_transaction()


@pytest.mark.django_db
def test_rows_are_not_locked_outside_a_transaction():
    with pytest.raises(TransactionManagementError):
        lock_rows(Heartbeat, ids=["a"])


def test_locked_rows_come_by_id_and_only_those_that_exist(pair):
    with transaction.atomic():
        rows = lock_rows(Heartbeat, ids=[pair[1], "nobody", pair[0]])

    assert list(rows) == pair
    assert rows[pair[0]].name == pair[0]


def test_callers_who_name_their_rows_in_any_order_never_wait_for_each_other_in_a_circle(pair, in_parallel):
    def lock(names):
        with transaction.atomic():
            lock_rows(Heartbeat, ids=names)
            for name in names:
                touch(name)
        return "done"

    answers = in_parallel(
        [lambda names=names: lock(names) for names in (pair, pair[::-1]) for _ in range(20)], threads=8
    )

    assert answers == ["done"] * 40


def test_whoever_loses_a_deadlock_tries_again_and_both_are_done(pair, in_parallel):
    met = threading.Barrier(2)
    attempts = []

    @retry_conflicts
    def cross(first, second):
        attempts.append(first)
        with transaction.atomic():
            touch(first)
            if len(attempts) <= 2:
                met.wait(timeout=10)  # now each holds what the other wants
            touch(second)
        return "done"

    answers = in_parallel([lambda: cross(*pair), lambda: cross(*pair[::-1])])

    assert answers == ["done", "done"]
    assert len(attempts) == 3


def test_a_lock_that_is_not_given_up_fails_after_three_more_tries(pair, in_parallel):
    locked, tried = threading.Event(), threading.Event()
    attempts = []

    @retry_conflicts
    def impatient():
        attempts.append(1)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            lock_rows(Heartbeat, ids=pair)

    def holder():
        with transaction.atomic():
            lock_rows(Heartbeat, ids=pair)
            locked.set()
            tried.wait(timeout=20)

    def waiter():
        locked.wait(timeout=20)
        try:
            impatient()
        finally:
            tried.set()

    _nothing, refusal = in_parallel([holder, waiter])

    assert isinstance(refusal, OperationalError)
    assert sqlstate(refusal) == "55P03"
    assert len(attempts) == 4


class TooSlow(Exception):
    pass


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_reading_that_takes_too_long_is_ended_by_a_name_of_its_own(committed_db):
    with pytest.raises(TooSlow), time_limit(20, otherwise=TooSlow()):
        ask("SELECT pg_sleep(5)")


def test_reading_in_time_is_just_that_and_other_failures_stay_what_they_are(committed_db):
    usual = ask("SHOW statement_timeout")

    with time_limit(2_000, otherwise=TooSlow()):
        assert ask("SELECT 7") == 7
    with pytest.raises(OperationalError), time_limit(2_000, otherwise=TooSlow()):
        ask("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")

    assert ask("SHOW statement_timeout") == usual


def test_what_is_no_conflict_is_not_tried_again(committed_db):
    attempts = []

    @retry_conflicts
    def slow():
        attempts.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '20ms'; SELECT pg_sleep(5)")

    with pytest.raises(OperationalError) as refusal:
        slow()
    connection.close()

    assert sqlstate(refusal.value) == "57014"
    assert len(attempts) == 1


def test_a_part_of_a_transaction_is_never_tried_again(pair):
    attempts = []

    @retry_conflicts
    def conflict():
        attempts.append(1)
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")

    with pytest.raises(OperationalError), transaction.atomic():
        conflict()
    assert len(attempts) == 1

    with pytest.raises(OperationalError):
        conflict()
    assert len(attempts) == 5
