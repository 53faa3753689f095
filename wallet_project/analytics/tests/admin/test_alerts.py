"""Whoever runs something sees what is wrong, takes it on and says how it ended; others cannot."""

import pytest
from django.db.transaction import atomic
from django.urls import reverse

from accounts.models import User
from wallet_project.analytics.models import Alert
from wallet_project.analytics.rules.alerts import AlertCode, Severity
from wallet_project.analytics.services.alerts import raise_alert
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(settings):
    settings.ALERT_WEBHOOK_URL = "https://group.example/"
    with atomic():
        return raise_alert(
            code=AlertCode.CLOSE_LATE,
            about="2026-11-28",
            severity=Severity.CRITICAL,
            title="11 月 28 日日结延误",
            facts={"日期": "2026-11-28", "应完成": "12:00"},
        )


@pytest.fixture
def member(client):
    def of(role):
        staff = User.objects.create_user(f"who-{role}", password="a long enough password", is_staff=True)
        staff.groups.add(make_groups()[role])
        client.force_login(staff)
        return staff

    return of


def act(client, name, alert, **form):
    url = reverse(f"admin:analytics_alert_{name}", args=[alert.pk])
    return client.post(url, {"_form_submitted": "1", **form}, follow=True)


def test_from_the_list_to_its_end(client, member, alert, django_assert_max_num_queries):
    staff = member("财务")
    with django_assert_max_num_queries(12):
        shown = client.get(reverse("admin:analytics_alert_changelist"), {"open": "yes"}).content.decode()
    for said in ("11 月 28 日日结延误", "严重", "待处理"):
        assert said in shown
    page = client.get(reverse("admin:analytics_alert_change", args=[alert.pk])).content.decode()
    for said in ("应完成", "12:00", "群机器人", "待发送"):
        assert said in page

    act(client, "take", alert)
    act(client, "close", alert, reason="账单晚到，已补做")
    alert.refresh_from_db()

    assert (alert.assignee_id, alert.closed_by, alert.note) == (staff.pk, staff.pk, "账单晚到，已补做")
    assert "指派告警" in client.get(reverse("admin:analytics_alert_change", args=[alert.pk])).content.decode()


def test_who_only_reads_changes_nothing(client, member, alert):
    member("审计")

    assert client.get(reverse("admin:analytics_alert_change", args=[alert.pk])).status_code == 200
    assert act(client, "close", alert, reason="不该关闭").status_code == 403
    alert.refresh_from_db()
    assert alert.is_open


def test_support_agents_do_not_see_them(client, member, alert):
    member("客服")

    assert client.get(reverse("admin:analytics_alert_changelist")).status_code == 403
    assert Alert.objects.filter(closed_at=None).count() == 1


@pytest.mark.parametrize(("role", "opens"), [("运营", True), ("管理员", False)])
def test_the_page_behind_it_is_offered_to_whom_it_opens(client, member, role, opens):
    campaigns = reverse("admin:coupons_campaign_changelist")
    with atomic():
        raised = raise_alert(
            code=AlertCode.CLOSE_LATE,
            about="x",
            severity=Severity.INFO,
            title="活动",
            facts={},
            link=campaigns,
        )
    member(role)
    page = client.get(reverse("admin:analytics_alert_change", args=[raised.pk])).content.decode()
    assert ("由有权限的同事打开" not in page) is opens
    assert (f'underline" href="{campaigns}"' in page) is opens
    assert (client.get(campaigns).status_code == 200) is opens
