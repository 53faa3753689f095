"""The trail as people read it."""

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import logged_in
from wallet_project.audit.models import AuditEntry
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:audit_auditentry_changelist")


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("shen", "a long enough password"))
    return client


def test_people_and_acts_have_names(desk):
    person = logged_in(nickname="小明").user
    with context.acting(actor=f"staff:{User.objects.get(username='shen').pk}"):
        record_audit(action="accounts.user.frozen", subject=f"user:{person.pk}", facts={"reason": "盗号"})

    shown = desk.get(INDEX).content.decode()
    page = desk.get(
        reverse("admin:audit_auditentry_change", args=[AuditEntry.objects.latest("pk").pk])
    ).content.decode()

    for text in (shown, page):
        for words in ("冻结账户", "顾客 小明", "员工 shen"):
            assert words in text
    assert "盗号" in page


def test_it_is_filtered_by_topic_and_by_day(desk):
    record_audit(action="accounts.user.frozen", subject="user:1", facts={})
    record_audit(action="wallet.wallet.status", subject="wallet:1", facts={})

    money = desk.get(INDEX, {"topic": "资金"}).context["cl"].queryset
    today = clock.business_day(clock.now()).isoformat()
    now = desk.get(INDEX, {"at_from": today, "at_to": today}).context["cl"].queryset
    never = desk.get(INDEX, {"at_from": "2001-01-01", "at_to": "2001-01-02"}).context["cl"].queryset

    assert [entry.action for entry in money] == ["wallet.wallet.status"]
    assert now.filter(action="accounts.user.frozen").exists()
    assert not never.exists()
