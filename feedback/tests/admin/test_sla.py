"""The lead's pages: promises, calendars, escalations, emergencies and the report, as they are clicked."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.services.staff import hire
from feedback.models import BusinessCalendar, Escalation, Incident, SlaClock, SlaPolicy
from feedback.services.escalations import watch_clocks
from feedback.tests.factories import opened
from wallet_project.approvals.models import Proposal
from wallet_project.kit import clock
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

REASON = {"_form_submitted": "True", "reason": "已经改派给同事"}


@pytest.fixture
def log_in(client):
    """Sit down at the desk in this role."""

    def sit(role, name="li"):
        staff, _password = hire(
            username=name, name=name, employee_no=f"E-{name}", password="three unusual words"
        )
        staff.groups.add(make_groups()[role])
        client.force_login(staff)
        return client

    return sit


def at(name, *args):
    return reverse(f"admin:feedback_{name}", args=args)


def read(desk, address):
    page = desk.get(address)
    assert page.status_code == 200
    return page.content.decode()


def test_a_lead_hands_in_a_policy_and_it_is_read_before_it_counts(log_in):
    desk = log_in("客服主管")
    general = SlaPolicy.objects.get(kind="", priority=None)
    assert "其余工单" in read(desk, at("slapolicy_changelist"))
    assert 'value="120"' in read(desk, f"{at('slapolicy_propose')}?like={general.pk}")
    wish = {
        "kind": "REFUND",
        "priority": "0",
        "tier": "",
        "calendar": "always",
        "first_reply": 10,
        "next_reply": 20,
        "solve": 120,
        "warn_percent": 50,
        "manager_percent": 200,
        "in_use": "on",
        "reason": "退款的紧急工单要更快",
    }

    assert (
        "提醒须早于超时" in desk.post(at("slapolicy_propose"), {**wish, "warn_percent": 100}).content.decode()
    )
    assert not Proposal.objects.exists()
    desk.post(at("slapolicy_propose"), wish)

    proposal = Proposal.objects.get()
    shown = read(desk, reverse("admin:approvals_proposal_change", args=[proposal.pk]))
    assert all(text in shown for text in ("退款", "紧急", "10 分钟", "2 小时", "全天候", "照常计时"))
    assert not SlaPolicy.objects.filter(kind="REFUND").exists()


def test_a_missing_year_is_warned_of_and_handed_in(log_in):
    desk = log_in("客服主管")
    assert "2027 年的节假日安排还没有录入" in read(desk, at("specialdays_changelist"))
    assert "2027 年的节假日安排还没有录入" in read(desk, reverse("support_reports"))
    assert 'value="2027"' in read(desk, at("specialdays_propose"))

    wrong = desk.post(
        at("specialdays_propose"), {"year": 2027, "text": "元旦 明天 休", "reason": "照通知录入"}
    )
    assert "这一行看不懂：元旦 明天 休" in wrong.content.decode()
    desk.post(at("specialdays_propose"), {"year": 2027, "text": "元旦 2027-01-01 休", "reason": "照通知录入"})

    assert Proposal.objects.get().facts["text"] == "元旦 2027-01-01 休"


def test_other_hours_are_handed_in(log_in):
    desk = log_in("客服主管")
    office = BusinessCalendar.objects.get(code="office")
    assert "周一至周五 09:00–18:00" in read(desk, at("businesscalendar_change", office.pk))
    wish = {"weekdays": [1, 2, 3, 4, 5, 6], "opens": "08:30", "closes": "21:00", "keeps_holidays": "on"}

    desk.post(at("businesscalendar_propose", office.pk), {**wish, "reason": "延长服务时间"})

    proposal = Proposal.objects.get()
    assert proposal.facts["hours"] == {**wish, "keeps_holidays": True}
    shown = read(desk, reverse("admin:approvals_proposal_change", args=[proposal.pk]))
    assert "周一至周六 08:30–21:00" in shown


def test_an_escalation_is_answered_by_whom_it_reached(log_in, outbox):
    opened(kind="COMPLAINT", user_id=None)
    outbox.deliver()
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        watch_clocks(at=clock.now(), limit=500)
    row = Escalation.objects.get(rung=2, clock__ticket__kind="COMPLAINT")

    agent = log_in("客服", name="wang")
    agent.post(at("escalation_answer", row.pk), REASON)
    row.refresh_from_db()
    assert row.seen_at is None

    desk = log_in("客服主管")
    assert "升级到您的" in read(desk, reverse("support_reports"))
    desk.post(at("escalation_answer", row.pk), REASON)
    row.refresh_from_db()
    assert row.remark == REASON["reason"]
    assert "已处理" in read(desk, at("escalation_changelist"))


def test_an_emergency_is_led_to_its_end(log_in, outbox):
    opened(kind="PAYMENT", priority=0, subject="<script>全部付款失败", user_id=None)
    outbox.deliver()
    desk = log_in("客服主管")
    incident = Incident.objects.latest("id")
    page = at("incident_change", incident.pk)
    assert "&lt;script&gt;全部付款失败" in read(desk, page)
    assert "<script>全部" not in read(desk, at("incident_changelist"))

    desk.post(at("incident_lead", incident.pk), {"_form_submitted": "True"})
    for item in incident.items.all():
        done = {"_form_submitted": "True", "item": item.pk, "remark": "已完成"}
        desk.post(at("incident_finish_item", incident.pk), done)
    finding = {"_form_submitted": "True", "finding": "证书过期，已加监控"}
    desk.post(at("incident_end", incident.pk), finding)

    incident.refresh_from_db()
    assert incident.state == "ENDED"
    assert "证书过期" in read(desk, page)


def test_the_report_is_for_leads(log_in, outbox):
    opened(user_id=None)
    outbox.deliver()
    assert log_in("客服", name="wang").get(reverse("support_reports")).status_code == 403
    desk = log_in("客服主管")

    assert "时限达成：按客服" in read(desk, reverse("support_reports") + "?days=7")
    assert read(desk, reverse("support_reports") + "?days=99999999999")


def test_the_queue_and_the_ticket_say_when_it_is_due(log_in, outbox):
    soon, calm = opened(subject="马上到期"), opened(kind="COMPLAINT", subject="还不急")
    outbox.deliver()
    SlaClock.objects.filter(ticket=soon, kind="FIRST_REPLY").update(due_at=clock.now() - timedelta(minutes=5))
    SlaClock.objects.filter(ticket=calm).update(due_at=clock.now() + timedelta(minutes=50))
    desk = log_in("客服")

    queue = read(desk, at("ticket_changelist"))
    assert "逾期 5 分钟" in queue
    assert "desk-row late" in queue
    assert "剩 49 分钟" in queue
    late = read(desk, at("ticket_changelist") + "?due=late")
    assert ("马上到期" in late, "还不急" in late) == (True, False)
    assert "还不急" in read(desk, at("ticket_changelist") + "?due=soon")
    whole = read(desk, at("ticket_change", soon.pk))
    assert "逾期 5 分钟" in whole
    assert "首次回复" in whole
