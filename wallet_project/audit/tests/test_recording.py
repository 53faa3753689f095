"""A line says who did what to whom, from where."""

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from accounts.models import User
from wallet_project.audit.models import AuditEntry, AuditSeal
from wallet_project.audit.services import record_audit, seal_trail
from wallet_project.kit import context

pytestmark = pytest.mark.django_db


def record(subject="user:1", **facts):
    record_audit(action="tests.thing.done", subject=subject, facts=facts)
    return AuditEntry.objects.latest("pk")


def test_a_line_takes_the_asker_from_the_context():
    with context.acting(request_id="r-12345678", actor="user:7", device_id="d-1", ip="10.0.0.1"):
        entry = record(amount=100)

    assert (entry.actor, entry.request_id, entry.device_id, entry.ip, entry.facts) == (
        "user:7",
        "r-12345678",
        "d-1",
        "10.0.0.1",
        {"amount": 100},
    )


def test_a_line_goes_with_the_transaction_that_fails():
    with transaction.atomic():
        record(subject="user:gone")
        transaction.set_rollback(True)

    assert not AuditEntry.objects.filter(subject="user:gone").exists()


@pytest.mark.parametrize("model", [AuditEntry, AuditSeal])
def test_the_application_cannot_change_or_remove_a_line_or_a_seal(model):
    record()
    seal_trail()

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.update(**{"subject": "x"} if model is AuditEntry else {"digest": b"x"})
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.filter(pk__gt=0)._raw_delete("default")

    assert model.objects.exists()


def test_staff_search_the_trail_and_change_nothing(client):
    client.force_login(User.objects.create_superuser("shen", "a long enough password"))
    mine, other = record(subject="user:4711"), record(subject="user:4712")
    index = reverse("admin:audit_auditentry_changelist")

    found = client.get(index, {"q": "user:4711"}).context["cl"].queryset

    assert list(found) == [mine]
    assert client.get(reverse("admin:audit_auditentry_change", args=[other.pk])).status_code == 200
    assert client.get(reverse("admin:audit_auditentry_add")).status_code == 403
    assert client.post(reverse("admin:audit_auditentry_delete", args=[mine.pk])).status_code == 403
