"""The admin opens with what has gone wrong, what waits for whoever looks, and how it goes."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.db.transaction import atomic
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import logged_in
from feedback.tests.factories import opened
from payments.models import RiskCase
from payments.tests.factories import held_move, paid_order
from wallet_project.analytics.rules.alerts import AlertCode, Severity
from wallet_project.analytics.services.alerts import raise_alert
from wallet_project.analytics.services.rollups import roll_up
from wallet_project.approvals.services import propose
from wallet_project.kit import clock
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    def of(role):
        staff = User.objects.create_user(f"who-{role}", password="a long enough password", is_staff=True)
        staff.groups.add(make_groups()[role])
        client.force_login(staff)
        return staff

    return of


def said_to(client) -> str:
    page = client.get(reverse("admin:index")).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_what_waits_is_counted_for_whoever_may_do_it_and_leads_to_its_rows(client, member):
    RiskCase.objects.all().delete()
    user = logged_in().user
    for amount in (100, 200):
        held_move(user, amount=amount)
    RiskCase.objects.filter(amount=200).update(due_at=clock.now() + timedelta(days=1))
    opened()

    member("风控")
    said = said_to(client)
    assert "2 待处理的风控案件 逾期 1" in said
    assert "等我处理的工单" not in said

    member("客服")
    said = said_to(client)
    assert "等我处理的工单" in said
    assert "风控案件" not in said.split("今天与昨天")[0]


def test_an_own_proposal_waits_for_somebody_else(client, member):
    maker = member("财务")
    with atomic():
        propose(
            kind="wallet.unfreeze",
            subject="wallet:1",
            facts={"wallet_id": 1, "reason": "核实完毕"},
            reason="核实完毕",
            maker_id=maker.pk,
        )
    assert "待我审批的申请" not in said_to(client)
    member("风控")
    assert "1 待我审批的申请" in said_to(client)


def test_the_morning_says_what_is_wrong_and_how_it_goes(client, member):
    paid_order(logged_in().user, amount=12_345)
    roll_up(day=clock.business_day(clock.now()))
    with atomic():
        raise_alert(
            code=AlertCode.CLOSE_LATE,
            about="2026-11-28",
            severity=Severity.CRITICAL,
            title="11 月 28 日日结延误",
            facts={"日期": "2026-11-28"},
        )

    member("运营")
    with CaptureQueriesContext(connection) as queries:
        said = said_to(client)
    assert "严重 11 月 28 日日结延误" in said
    assert re.search(r"交易额 ¥123\.45 昨天", said)
    assert len(queries) <= 40

    member("客服")
    said = said_to(client)
    assert "日结延误" not in said
    assert "交易额" not in said


def test_every_page_where_something_waits_can_be_narrowed_to_it(client, member):
    member("审计")
    for model, page in admin.site._registry.items():
        if waits := getattr(page, "waits", None):
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            listed = client.get(address, waits.shows)
            assert listed.status_code == 200, (model, waits.shows)
            assert listed.wsgi_request.GET.dict() == waits.shows, "what a list refuses it leaves out"
