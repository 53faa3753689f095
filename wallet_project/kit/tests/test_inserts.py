"""Rows that are written all the time."""

import pytest

from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.inserts import insert
from wallet_project.kit.models import Delivery, IdempotencyKey, Job, StoredEvent

pytestmark = pytest.mark.django_db


def job(number):
    return Job(task="kit.nothing", arguments={"文": [number, None]}, available_at=clock.now())


def test_rows_are_stored_as_save_would_store_them():
    inserted, saved = job(1), job(1)

    insert(inserted)
    saved.save()

    rows = Job.objects.filter(pk__in=[inserted.pk, saved.pk]).order_by("pk")
    one, other = rows.values("task", "arguments", "state", "sends", "failures", "last_error", "request_id")
    assert one == other
    inserted.sends = 7
    inserted.save(update_fields=["sends"])
    assert rows[0].sends == 7


def test_many_are_one_statement_and_keep_their_order(django_assert_num_queries):
    rows = [job(number) for number in range(5)]

    with django_assert_num_queries(1):
        insert(*rows)

    found = Job.objects.in_bulk([row.pk for row in rows])
    assert [found[row.pk].arguments["文"][0] for row in rows] == [0, 1, 2, 3, 4]


def test_what_a_moment_or_a_relation_fills_in_is_filled_in():
    event = StoredEvent(name="kit.test", aggregate="test:1", payload={})
    insert(event)
    insert(Delivery(event=event, listener="nobody", aggregate="test:1", available_at=clock.now()))

    assert event.published_at is not None
    assert event.deliveries.get().listener == "nobody"


def test_bytes_and_nothing_are_stored():
    key = IdempotencyKey(scope="s", key="k", fingerprint=b"\0\xff", locked_until=clock.now())

    insert(key)

    stored = IdempotencyKey.objects.get(pk=key.pk)
    assert (bytes(stored.fingerprint), stored.status, stored.body) == (b"\0\xff", None, None)


def test_a_line_of_the_trail_has_its_number():
    entry = AuditEntry(at=clock.now(), action="kit.tested", subject="test:1", actor="system", facts={"n": 1})

    insert(entry)

    assert AuditEntry.objects.get(pk=entry.pk).facts == {"n": 1}
