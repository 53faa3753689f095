"""What is masked is shown to somebody who may, says why, and has not seen enough today."""

from datetime import datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import Reveal, User
from accounts.rules.reveals import oddities_of
from accounts.tests.factories import known_by_name, logged_in
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

PHONE = "13800138000"


@pytest.fixture
def person():
    person = logged_in().user
    person.set_phone(PHONE, at=clock.now())
    person.save()
    return person


@pytest.fixture
def desk(client):
    member = User.objects.create_user("li", None, is_staff=True)
    for codename in ("view_user", "view_realname", "reveal_pii"):
        member.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(member)
    client.member = member
    return client


def ask(desk, row, reason="核对来电号码"):
    address = reverse(f"admin:accounts_{row._meta.model_name}_reveal", args=[row.pk])
    return desk.post(address, {"_form_submitted": "True", "reason": reason}, headers={"HX-Request": "true"})


def test_a_reason_shows_it_once_and_is_written_down(desk, person):
    answer = ask(desk, person)

    assert PHONE in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert PHONE not in desk.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()
    entry = AuditEntry.objects.get(action="accounts.pii.unmasked")
    assert (entry.subject, entry.actor) == (f"user:{person.pk}", f"staff:{desk.member.pk}")
    assert entry.facts["reason"] == "核对来电号码"
    assert PHONE not in str(entry.facts)


def test_a_real_name_is_shown_in_the_same_way(desk, person):
    real_name = known_by_name(person)

    shown = ask(desk, real_name).content.decode()

    assert real_name.evidence.opened("name") in shown
    assert real_name.evidence.opened("id_number") in shown


def test_without_a_reason_or_the_right_nothing_is_shown(desk, person):
    assert PHONE not in ask(desk, person, reason="").content.decode()
    desk.member.user_permissions.remove(Permission.objects.get(codename="reveal_pii"))

    assert ask(desk, person).status_code == 403
    assert not Reveal.objects.exists()


def test_after_so_many_a_day_there_is_no_more(desk, person, settings):
    settings.REVEALS_A_DAY = 2
    shown = [PHONE in ask(desk, person).content.decode() for _ in range(3)]

    assert shown == [True, True, False]
    assert Reveal.objects.count() == 2


def test_night_and_haste_are_odd():
    day, night = datetime(2026, 11, 22, 10), datetime(2026, 11, 22, 23)  # noqa: DTZ001 - local hours are the point

    assert oddities_of(at=day, recent=1) == []
    assert oddities_of(at=night, recent=1) == ["off_hours"]
    assert oddities_of(at=day, recent=5) == ["spree"]


def test_looking_at_a_customer_leaves_a_trace(desk, person):
    desk.get(reverse("admin:accounts_user_change", args=[person.pk]))

    entry = AuditEntry.objects.get(action="accounts.pii.viewed")
    assert (entry.subject, entry.facts) == (f"user:{person.pk}", {"page": "用户"})
