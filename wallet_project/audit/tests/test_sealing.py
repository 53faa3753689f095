"""The seals: every line once, in one chain; and whoever breaks it is named."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from wallet_project.audit import services
from wallet_project.audit.models import AuditEntry, AuditSeal
from wallet_project.audit.selectors import verify_trail
from wallet_project.audit.services import record_audit, seal_trail
from wallet_project.audit.tasks import verify
from wallet_project.kit import clock


def record(count=1):
    for number in range(count):
        record_audit(
            action="tests.thing.done", subject="user:1", facts={"number": number, "词": "中文", "rate": 1.5}
        )
    return list(AuditEntry.objects.order_by("-pk")[:count])[::-1]


def verified(**since):
    return verify_trail(now=clock.now(), **since)


@pytest.fixture
def head(db):
    """The last seal, after everything that other tests have committed is sealed."""
    seal_trail()
    return AuditSeal.objects.order_by("-position").first() or AuditSeal(position=0, digest=bytes(32))


@pytest.fixture
def as_owner(head):
    """What only somebody with the owner's rights could do to this test's rows."""

    def execute(statement, *parameters):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")
            cursor.execute(statement, parameters)
            cursor.execute("SET LOCAL ROLE wallet_app")

    return execute


def test_every_line_is_sealed_once_in_order_whatever_the_batch(head, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    entries = record(5)

    assert seal_trail() == 5
    assert seal_trail() == 0

    seals = AuditSeal.objects.filter(position__gt=head.position).order_by("position")
    assert list(seals.values_list("position", "entry_id")) == [
        (head.position + count, entry.pk) for count, entry in enumerate(entries, start=1)
    ]
    verdict = verified()
    assert (verdict.problems, verdict.checked) == ([], head.position + 5)
    assert verdict.head == bytes(seals.last().digest).hex()


def test_a_line_that_was_committed_late_is_sealed_late(head):
    first, late, last = record(3)
    digest = bytes(head.digest)
    for count, entry in enumerate([first, last], start=1):
        digest = entry.digest_after(digest)
        AuditSeal.objects.create(
            position=head.position + count, entry=entry, digest=digest, sealed_at=clock.now()
        )

    assert seal_trail() == 1

    assert AuditSeal.objects.get(position=head.position + 3).entry == late
    assert verified().problems == []


def test_a_changed_line_is_named(head, as_owner):
    _first, second, _third = record(3)
    seal_trail()

    as_owner("UPDATE audit_auditentry SET subject = 'user:2' WHERE id = %s", second.pk)

    assert verified().problems == [f"changed: entry {second.pk}, seal {head.position + 2}"]


def test_a_removed_line_is_named(head, as_owner):
    _first, second, _third = record(3)
    seal_trail()

    as_owner("DELETE FROM audit_auditseal WHERE entry_id = %s", second.pk)
    as_owner("DELETE FROM audit_auditentry WHERE id = %s", second.pk)

    assert verified().problems == [f"removed: seals {head.position + 2} to {head.position + 2}"]


def test_a_changed_line_whose_seal_was_forged_breaks_the_next_one(head, as_owner):
    first, second, third = record(3)
    seal_trail()
    second.subject = "user:2"
    forged = second.digest_after(first.digest_after(bytes(head.digest)))

    as_owner("UPDATE audit_auditentry SET subject = 'user:2' WHERE id = %s", second.pk)
    as_owner("UPDATE audit_auditseal SET digest = %s WHERE entry_id = %s", forged, second.pk)

    assert verified().problems == [f"changed: entry {third.pk}, seal {head.position + 3}"]


def test_a_line_that_nobody_sealed_is_named_after_a_while(head):
    (entry,) = record()

    assert verified().problems == []
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert verified().problems == [f"never sealed: entry {entry.pk}"]


def test_the_nightly_check_looks_at_the_last_day_only(as_owner, caplog):
    (old,) = record()
    seal_trail()
    with time_machine.travel(clock.now() + timedelta(days=3)):
        (new,) = record()
        seal_trail()
        as_owner("UPDATE audit_auditentry SET subject = 'user:2' WHERE id = %s", old.pk)

        verify()
        assert "audit.trail.broken" not in caplog.messages
        assert len(verified().problems) == 1  # the whole trail tells

        as_owner("UPDATE audit_auditentry SET subject = 'user:2' WHERE id = %s", new.pk)
        verify()
        assert "audit.trail.broken" in caplog.messages


def test_the_command_tells_whether_the_trail_is_whole(head, as_owner):
    entries, said = record(2), io.StringIO()
    seal_trail()

    call_command("verify_audit", stdout=said)
    assert said.getvalue().startswith(f"{head.position + 2} entries, head ")

    as_owner("UPDATE audit_auditentry SET facts = '{}' WHERE id = %s", entries[0].pk)
    with pytest.raises(CommandError, match=f"changed: entry {entries[0].pk}, seal {head.position + 1}"):
        call_command("verify_audit", stdout=said)


@pytest.mark.committed
def test_two_sealers_at_once_make_one_chain(committed_db, in_parallel):
    entries = record(50)

    outcomes = in_parallel([seal_trail] * 4)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert AuditSeal.objects.filter(entry__in=entries).count() == 50
    assert verified().problems == []
