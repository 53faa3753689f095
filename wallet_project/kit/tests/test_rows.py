"""Rows that are read and written all the time."""

import pytest
from django.db import DatabaseError, transaction

from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.models import Delivery, IdempotencyKey, Job, StoredEvent
from wallet_project.kit.rows import (
    find_answer,
    find_row,
    get_answer,
    get_row,
    insert,
    insert_once,
    lock_row,
    update,
)


def job(number):
    return Job(task="kit.nothing", arguments={"文": [number, None]}, available_at=clock.now())


def test_rows_are_stored_as_save_would_store_them(db):
    inserted, saved = job(1), job(1)

    insert(inserted)
    saved.save()

    rows = Job.objects.filter(pk__in=[inserted.pk, saved.pk]).order_by("pk")
    one, other = rows.values("task", "arguments", "state", "sends", "failures", "last_error", "request_id")
    assert one == other
    inserted.sends = 7
    inserted.save(update_fields=["sends"])
    assert rows[0].sends == 7


def test_many_are_one_statement_and_keep_their_order(db, django_assert_num_queries):
    rows = [job(number) for number in range(5)]

    with django_assert_num_queries(1):
        insert(*rows)

    found = Job.objects.in_bulk([row.pk for row in rows])
    assert [found[row.pk].arguments["文"][0] for row in rows] == [0, 1, 2, 3, 4]


def test_rows_of_several_models_are_one_statement_and_each_has_its_own_key(db, django_assert_num_queries):
    event = StoredEvent(name="kit.test", aggregate="test:1", payload={})
    one, other = job(1), job(2)

    with django_assert_num_queries(1):
        insert(event, one, other)

    assert StoredEvent.objects.get(pk=event.pk).aggregate == "test:1"
    found = Job.objects.in_bulk([one.pk, other.pk])
    assert [found[row.pk].arguments["文"][0] for row in (one, other)] == [1, 2]


def test_a_value_of_another_type_than_its_field_is_stored_or_refused_as_django_does(db):
    odd = Job(task=True, arguments={}, sends=True, request_id=5, available_at=clock.now())

    insert(odd)

    stored = Job.objects.get(pk=odd.pk)
    assert (stored.task, stored.sends, stored.request_id) == ("True", 1, "5")
    with pytest.raises(ValueError, match="sends"):
        insert(Job(task="kit.odd", arguments={}, sends="many", available_at=clock.now()))
    assert not Job.objects.filter(task="kit.odd").exists()


def test_a_statement_answers_with_a_row_whatever_the_order_of_its_columns(db):
    stored = job(1)
    stored.save()
    backwards = ", ".join(reversed([field.column for field in Job._meta.concrete_fields]))
    statement = f"SELECT {backwards} FROM kit_job WHERE id = %s"  # noqa: S608 - names of our own columns

    answer = get_answer(Job, statement, [stored.pk])

    assert (answer.pk, answer.task, answer.arguments) == (stored.pk, "kit.nothing", {"文": [1, None]})
    assert find_answer(Job, statement, [0]) is None
    with pytest.raises(Job.DoesNotExist):
        get_answer(Job, statement, [0])


def test_of_rows_that_are_unique_in_the_same_way_the_first_is_stored(db):
    first, again, other = (
        IdempotencyKey(scope="s", key=key, fingerprint=mark, locked_until=clock.now())
        for key, mark in (("1", b"a"), ("1", b"b"), ("2", b"b"))
    )

    assert [insert_once(row) for row in (first, again, other)] == [True, False, True]

    assert again.pk is None
    assert list(IdempotencyKey.objects.filter(scope="s").order_by("pk")) == [first, other]
    assert bytes(IdempotencyKey.objects.get(pk=first.pk).fingerprint) == b"a"


def test_what_a_moment_or_a_relation_fills_in_is_filled_in(db):
    event = StoredEvent(name="kit.test", aggregate="test:1", payload={})
    insert(event)
    insert(Delivery(event=event, listener="nobody", aggregate="test:1", available_at=clock.now()))

    assert event.published_at is not None
    assert event.deliveries.get().listener == "nobody"


def test_bytes_and_nothing_are_stored(db):
    key = IdempotencyKey(scope="s", key="k", fingerprint=b"\0\xff", locked_until=clock.now())

    insert(key)

    stored = IdempotencyKey.objects.get(pk=key.pk)
    assert (bytes(stored.fingerprint), stored.status, stored.body) == (b"\0\xff", None, None)


def test_a_line_of_the_trail_has_its_number(db):
    entry = AuditEntry(at=clock.now(), action="kit.tested", subject="test:1", actor="system", facts={"n": 1})

    insert(entry)

    assert AuditEntry.objects.get(pk=entry.pk).facts == {"n": 1}


def test_a_row_is_read_as_django_reads_it(db):
    stored = job(1)
    stored.save()

    found = get_row(Job, pk=stored.pk)

    as_django_has_it = Job.objects.get(pk=stored.pk)
    assert found == as_django_has_it
    assert {name: value for name, value in vars(found).items() if name != "_state"} == {
        name: value for name, value in vars(as_django_has_it).items() if name != "_state"
    }
    there = Job.objects.count()
    found.save()
    assert Job.objects.count() == there


def test_nobodys_row_is_said_or_refused(db):
    assert find_row(Job, pk=0) is None
    with pytest.raises(Job.DoesNotExist):
        get_row(Job, pk=0)
    with pytest.raises(Job.DoesNotExist), transaction.atomic():
        lock_row(Job, pk=0)


def test_only_a_unique_field_names_a_row(db):
    with pytest.raises(TypeError):
        find_row(Job, task="kit.nothing")


def test_fields_that_are_named_are_changed_and_no_others(db):
    stored = job(1)
    stored.save()
    stored.sends, stored.last_error, stored.arguments = 3, "broken", {"n": 2}

    update(stored, "sends", "arguments")

    assert Job.objects.values_list("sends", "last_error", "arguments").get(pk=stored.pk) == (3, "", {"n": 2})


def test_a_row_that_is_gone_is_not_changed_in_silence(db):
    stored = job(1)
    stored.save()
    Job.objects.all().delete()

    with pytest.raises(DatabaseError):
        update(stored, "sends")


@pytest.mark.committed
@pytest.mark.usefixtures("committed_db")
def test_whoever_locks_a_row_keeps_others_waiting(in_parallel):
    stored = job(0)
    stored.save()

    def one_more():
        with transaction.atomic():
            mine = lock_row(Job, pk=stored.pk)
            mine.sends += 1
            update(mine, "sends")

    assert in_parallel([one_more] * 8) == [None] * 8

    assert Job.objects.get(pk=stored.pk).sends == 8
