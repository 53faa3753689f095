"""Letting somebody into the admin."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from wallet_project.audit.models import AuditEntry
from wallet_project.staff import ROLES, make_groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def type_password(monkeypatch):
    """What the person at the terminal types."""
    return lambda password: monkeypatch.setattr(
        "wallet_project.management.commands.staff.getpass", lambda _prompt: password
    )


def test_a_newcomer_logs_in_with_one_role_and_a_trace(type_password):
    type_password("three unusual words")

    call_command("staff", "li", "财务")
    call_command("staff", "li", "客服")

    member = User.objects.get(username="li")
    assert member.check_password("three unusual words")
    assert [group.name for group in member.groups.all()] == ["客服"]
    assert member.is_staff
    assert not member.has_perm("payments.change_exceptioncase")
    given = AuditEntry.objects.filter(action="accounts.staff.role_given").order_by("pk")
    assert [entry.facts for entry in given] == [
        {"before": [], "role": "财务"},
        {"before": ["财务"], "role": "客服"},
    ]


def test_a_weak_password_lets_nobody_in(type_password):
    type_password("12345678")

    with pytest.raises(CommandError):
        call_command("staff", "li", "财务")

    assert not User.objects.filter(username="li").exists()


def test_a_role_that_shrank_shrinks_in_the_database(monkeypatch):
    assert make_groups()["财务"].permissions.filter(codename="change_exceptioncase").exists()

    monkeypatch.setitem(ROLES, "财务", ("payments.view_order",))

    assert [each.codename for each in make_groups()["财务"].permissions.all()] == ["view_order"]
