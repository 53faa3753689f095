"""Colleagues come and go; what they may do, two people decide."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.errors import EmployeeKnown
from accounts.models import Authenticator, StaffProfile, User
from accounts.services.staff import hire, propose_role
from accounts.tests.admin.conftest import PASSWORD, Colleague
from accounts.tests.factories import logged_in
from wallet_project.approvals.errors import OwnProposal
from wallet_project.approvals.kinds import shown_facts_of
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.testing.browser import Browser
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    """The page as 管理员 sees it."""
    chief, _password = hire(username="chief", name="陈", employee_no="E-1", password=PASSWORD)
    chief.groups.add(make_groups()["管理员"])
    client.force_login(chief)
    client.chief = chief
    return client


def act(desk, page, staff_id, **typed):
    address = reverse(f"admin:accounts_staffmember_{page}", args=[staff_id] if staff_id else [])
    return desk.post(address, {"_form_submitted": "True", **typed}, headers={"HX-Request": "true"})


def security_officer() -> User:
    officer = User.objects.create_user("officer", None, is_staff=True)
    officer.user_permissions.add(Permission.objects.get(codename="approve_staff_change"))
    return officer


def test_a_new_colleague_gets_a_password_told_once_and_no_rights(desk):
    customer = logged_in().user
    customer.set_phone("13800138000", at=clock.now())
    customer.save()

    answer = act(
        desk, "hire_somebody", None, username="zhao", name="赵", employee_no="E-7", phone="138 0013 8000"
    )

    password = re.search(r"select-all[^>]*>([a-z2-7]{16})<", answer.content.decode())[1]
    assert "no-store" in answer.headers["Cache-Control"]
    zhao = User.objects.get(username="zhao")
    assert zhao.check_password(password)
    assert not zhao.get_all_permissions()
    assert zhao.own_user_ids == {zhao.pk, customer.pk}
    browser = Browser()
    browser.post("/admin/login/", {"username": "zhao", "password": password})
    assert browser.get("/admin/").headers["Location"] == "/admin/second-factor/"
    listed = desk.get(reverse("admin:accounts_staffmember_changelist")).content.decode()
    assert "E-7" in listed
    assert "未设置" in listed


def test_one_person_has_one_account(desk):
    act(desk, "hire_somebody", None, username="zhao", name="赵", employee_no="E-1")

    assert not User.objects.filter(username="zhao").exists()
    with pytest.raises(EmployeeKnown):
        hire(username="chief", name="另一个", employee_no="E-2")
    assert StaffProfile.objects.count() == 1


def test_a_role_is_given_by_two_and_logs_its_holder_out(desk):
    colleague = Colleague("lin")
    colleague.knock()
    role = make_groups()["财务"]

    told = act(desk, "change_role", colleague.user.pk, role=role.pk, reason="接替离职同事")

    assert told.headers["HX-Redirect"] == reverse(
        "admin:accounts_staffmember_change", args=[colleague.user.pk]
    )
    assert not colleague.user.groups.exists()
    assert colleague.is_in
    proposal = Proposal.objects.get()
    for unfit in (desk.chief, colleague.user):
        unfit.user_permissions.add(Permission.objects.get(codename="approve_staff_change"))
        with pytest.raises(OwnProposal):
            approve(proposal_id=proposal.pk, checker_id=unfit.pk)
    approve(proposal_id=proposal.pk, checker_id=security_officer().pk)
    assert [group.name for group in colleague.user.groups.all()] == ["财务"]
    assert not colleague.is_in


def test_nobody_asks_for_a_role_of_their_own(desk):
    with pytest.raises(OwnProposal):
        propose_role(staff_id=desk.chief.pk, role="财务", reason="我自己想要", maker_id=desk.chief.pk)
    assert act(desk, "change_role", desk.chief.pk, role=1, reason="我自己想要").status_code == 403
    assert act(desk, "dismiss", desk.chief.pk, reason="我自己想要").status_code == 403


def test_whom_a_proposal_is_about_is_read_by_name_and_not_by_login(desk):
    colleague = Colleague("lin")
    User.objects.filter(pk=colleague.user.pk).update(nickname="林小雨")

    act(desk, "change_role", colleague.user.pk, role=make_groups()["财务"].pk, reason="接替离职同事")
    act(desk, "reset_factor", colleague.user.pk, reason="手机丢了，已当面核实")

    shown = [shown_facts_of(each.kind, each.facts) for each in Proposal.objects.all()]
    assert [facts["员工"] for facts in shown] == ["林小雨", "林小雨"]
    before = {"user_id": 1, "username": "lin"}  # as earlier proposals say it
    assert shown_facts_of("accounts.second_factor_reset", before)["员工"] == "lin"


def test_a_lost_phone_is_reset_by_two(desk):
    colleague = Colleague("lin")
    colleague.knock()

    act(desk, "reset_factor", colleague.user.pk, reason="手机丢了，已当面核实")
    assert Authenticator.objects.filter(user=colleague.user).exists()
    approve(proposal_id=Proposal.objects.get().pk, checker_id=security_officer().pk)

    assert not Authenticator.objects.filter(user=colleague.user).exists()
    assert not colleague.is_in


def test_who_is_shut_out_is_out_at_once_and_has_no_role(desk):
    colleague = Colleague("lin")
    colleague.user.groups.add(make_groups()["客服"])
    colleague.knock()
    assert colleague.is_in

    act(desk, "dismiss", colleague.user.pk, reason="今日离职")

    assert not colleague.is_in
    assert not colleague.user.groups.exists()
    colleague.knock(code=colleague.code(steps=1))
    assert not colleague.is_in
    entry = AuditEntry.objects.get(action="accounts.staff.shut_out")
    assert entry.facts == {"before": ["客服"], "reason": "今日离职"}


def test_an_administrator_sees_neither_customers_nor_money(desk):
    for page in ("accounts_user", "payments_order", "wallet_wallet", "wallet_journal", "audit_auditentry"):
        assert desk.get(reverse(f"admin:{page}_changelist")).status_code == 403, page


def test_the_password_page_gives_no_way_to_a_higher_right(desk):
    colleague = Colleague("lin")
    address = reverse("admin:accounts_staffmember_change", args=[colleague.user.pk])

    answer = desk.post(address, {"is_superuser": "on", "is_staff": "on", "groups": "1"})

    assert answer.status_code == 403
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_colleagues_page_tells_name_and_shanghai_time(desk):
    colleague, _password = hire(username="lin", name="林", employee_no="E-9")
    changed_at = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    StaffProfile.objects.filter(user=colleague).update(password_changed_at=changed_at)

    page = desk.get(reverse("admin:accounts_staffmember_change", args=[colleague.pk])).content.decode()

    assert "2026-03-02 02:30:00" in page
    assert "姓名" in page
    assert "昵称" not in page
