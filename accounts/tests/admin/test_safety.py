"""Stopping a person and giving one another phone, at the desk."""

import pytest
from django.urls import reverse

from accounts.models import PhoneChangeRequest, User, UserStatus
from accounts.tests.factories import logged_in, phone_request
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

REASON = {"_form_submitted": "True", "reason": "用户来电称手机被盗"}


@pytest.fixture
def at_desk(client):
    """Sit down in a role."""

    def sit(role, name):
        member = User.objects.create_user(name, "a long enough password", is_staff=True)
        member.groups.set([make_groups()[role]])
        client.force_login(member)
        return member

    return sit


@pytest.fixture
def person():
    person = logged_in()
    person.user.set_phone("13800138000", at=clock.now())
    person.user.save()
    return person


def press(client, name, row):
    page = f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}"
    return client.post(reverse(page, args=[row.pk]), REASON)


def status_of(person):
    return User.objects.get(pk=person.user.pk).status


def test_risk_stops_a_person_alone_and_lets_them_go_on_only_with_another(client, at_desk, person):
    maker = at_desk("风控", "feng")

    assert press(client, "freeze", person.user).status_code == 302
    assert status_of(person) == UserStatus.FROZEN
    press(client, "unfreeze", person.user)
    assert status_of(person) == UserStatus.FROZEN

    proposal = Proposal.objects.get(kind="accounts.unfreeze", maker_id=maker.pk)
    approve(proposal_id=proposal.pk, checker_id=at_desk("风控", "yu").pk)
    assert status_of(person) == UserStatus.ACTIVE


@pytest.mark.parametrize("role", ["客服", "运营", "财务", "审计"])
def test_nobody_else_stops_a_person(client, at_desk, person, role):
    at_desk(role, "li")

    assert press(client, "freeze", person.user).status_code == 403

    assert status_of(person) == UserStatus.ACTIVE


def test_support_puts_a_lost_phone_forward_and_risk_decides(client, at_desk, person):
    request = phone_request(person.user, phone="13900139000")
    at_desk("客服", "ke")

    page = client.get(reverse("admin:accounts_phonechangerequest_change", args=[request.pk]))
    assert "138****8000 → 139****9000" in page.content.decode()
    assert "13900139000" not in page.content.decode()
    press(client, "put_forward", request)
    assert User.objects.get(pk=person.user.pk).phone == "13800138000"

    proposal = Proposal.objects.get(kind="accounts.phone_change", subject=f"user:{person.user.pk}")
    approve(proposal_id=proposal.pk, checker_id=at_desk("风控", "feng").pk)
    assert User.objects.get(pk=person.user.pk).phone == "13900139000"


def test_a_request_is_turned_down_with_an_answer(client, at_desk, person):
    request = phone_request(person.user, phone="13900139000")
    at_desk("客服", "ke")

    press(client, "refuse", request)
    press(client, "refuse", request)  # a second click does no harm

    request = PhoneChangeRequest.objects.get(pk=request.pk)
    assert (request.state, request.answer) == ("REFUSED", REASON["reason"])


def test_who_may_only_look_puts_nothing_forward(client, at_desk, person):
    request = phone_request(person.user, phone="13900139000")
    at_desk("运营", "yun")

    assert press(client, "put_forward", request).status_code == 403

    assert not Proposal.objects.filter(subject=f"user:{person.user.pk}").exists()
