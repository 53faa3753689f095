"""One page tells what is late, due and open; two people change the schedule."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from wallet_project.approvals.errors import OwnProposal
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.audit.models import AuditEntry
from wallet_project.compliance.models import RetentionRule
from wallet_project.compliance.services.retention import clear_outdated
from wallet_project.compliance.tests.factories import furnish_desk, new_licence
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"


@pytest.fixture
def officer():
    return User.objects.create_superuser("he", PASSWORD)


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def test_the_front_page_tells_what_is_late_due_and_open(desk, officer):
    today = clock.business_day(clock.now())
    furnish_desk(officer, mark="1", today=today)
    new_licence(officer, number="9", until=today - timedelta(days=5), name="食品经营许可证")
    clear_outdated(kind="kit.event")

    page = desk.get(reverse("compliance_desk"))

    text = page.content.decode()
    cards = {card["title"]: card["value"] for card in page.context["cards"]}
    assert (cards["已逾期"], cards["待处理高危问题"], cards["清理失败"]) == (1, 1, 0)
    assert cards["在管风险"] == "高 1"
    assert cards["培训逾期员工"] == f"0 / {User.objects.filter(is_staff=True).count()}"
    for said in (
        "食品经营许可证到期",
        "逾期 5 天",
        "单用途预付卡备案到期",
        "20 天",
        "t1",
        "已投递的事件",
        "完成",
    ):
        assert said in text, said


def test_the_front_page_costs_the_same_however_much_is_on_it(desk, officer):
    today = clock.business_day(clock.now())
    furnish_desk(officer, mark="1", today=today)
    desk.get(reverse("compliance_desk"))

    with CaptureQueriesContext(connection) as short:
        desk.get(reverse("compliance_desk"))
    for mark in "2345":
        furnish_desk(officer, mark=mark, today=today)
    with CaptureQueriesContext(connection) as long:
        desk.get(reverse("compliance_desk"))

    # session and user; 4 kinds of deadlines, trainings with people, roles, records and courses; 8 facts
    assert len(short) <= 25
    assert len(long) == len(short)


def test_the_front_page_is_for_those_who_may_see_the_registers(client):
    member = User.objects.create_user("li", PASSWORD, is_staff=True)
    address = reverse("compliance_desk")
    assert client.get(address).status_code == 302
    client.force_login(member)
    assert client.get(address).status_code == 403
    assert address not in client.get("/admin/").content.decode()

    member.user_permissions.add(Permission.objects.get(codename="view_licence"))

    assert client.get(address).status_code == 200
    assert address in client.get("/admin/").content.decode()


def test_two_people_change_how_long_something_is_kept(desk, officer):
    rule = RetentionRule.objects.get(kind="kit.event")
    address = reverse("admin:compliance_retentionrule_ask_for_change", args=[rule.pk])
    wish = {"_form_submitted": "true", "enabled": "on", "reason": "排查需要更久"}

    desk.post(address, wish | {"keep_days": "6"})
    assert not Proposal.objects.exists()
    desk.post(address, wish | {"keep_days": "60"})

    proposal = Proposal.objects.get()
    rule.refresh_from_db()
    assert rule.keep_days == 30
    with pytest.raises(OwnProposal):
        approve(proposal_id=proposal.pk, checker_id=officer.pk)
    approve(proposal_id=proposal.pk, checker_id=User.objects.create_superuser("lu", PASSWORD).pk)
    rule.refresh_from_db()
    assert (rule.keep_days, rule.enabled) == (60, True)
    assert AuditEntry.objects.filter(
        action="compliance.retention.changed", subject="retention:kit.event"
    ).exists()


def test_the_kept_kinds_show_their_years(desk):
    text = desk.get(reverse("admin:compliance_retentionrule_changelist")).content.decode()

    for said in ("账簿、凭证与封条", "30 年", "长期保存", "180 天", "清空内容"):
        assert said in text
