"""The desk sees what WeChat judges us by, refuses in words, and sees a phone only on the record."""

import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.tests.factories import logged_in
from feedback.models import Complaint, ComplaintTelling, Ticket
from feedback.services.complaint_tellings import tell_answer
from feedback.services.desk import reply
from feedback.tests.complaints import complained, told
from payments.tests.admin.conftest import log_in
from wallet_project.audit.models import AuditEntry

__all__ = ["log_in"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint():
    return complained(problem="<script>alert(1)</script>")


def act(client, complaint, name, **said):
    address = reverse(f"admin:feedback_complaint_{name}", args=[complaint.pk])
    return client.post(address, {"_form_submitted": "1", **said}, follow=True).content.decode()


def test_it_shows_what_is_due_and_nothing_that_runs(log_in, complaint):
    desk = log_in("客服")

    overview = desk.get(reverse("complaint_desk")).content.decode()
    page = desk.get(reverse("admin:feedback_complaint_change", args=[complaint.pk])).content.decode()
    rows = desk.get(reverse("admin:feedback_complaint_changelist")).content.decode()

    assert "重复投诉率" in overview
    assert "答复剩 23 小时" in overview
    for shown in (overview, page, rows):
        assert "&lt;script&gt;alert(1)" in shown
        assert "<script>alert(1)" not in shown
        assert "13912345678" not in shown


def test_a_phone_is_seen_once_with_a_reason(log_in, complaint):
    shown = act(log_in("客服"), complaint, "see_phone", reason="回电核实情况")

    assert "13912345678" in shown
    assert AuditEntry.objects.filter(action="feedback.complaint.phone_seen").count() == 1


def test_looks_at_phones_of_strangers_have_an_end(log_in, complaint, settings):
    settings.REVEALS_A_DAY = 1
    Ticket.objects.filter(pk=complaint.ticket_id).update(user=None)
    desk = log_in("客服")

    shown = ["13912345678" in act(desk, complaint, "see_phone", reason="回电核实情况") for _ in range(2)]

    assert shown == [True, False]
    assert AuditEntry.objects.filter(action="feedback.complaint.phone_seen").count() == 1


def test_a_refund_is_refused_in_words_once(log_in, complaint):
    desk = log_in("客服")
    for _ in range(2):
        act(desk, complaint, "refuse", reason="已超过退款期限")

    [telling] = ComplaintTelling.objects.all()
    assert (telling.kind, telling.text, telling.state) == ("REFUSAL", "已超过退款期限", "WAITING")


def test_whoever_only_audits_does_nothing(log_in, complaint):
    auditor = log_in("审计")
    for name in ("refuse", "see_phone"):
        act(auditor, complaint, name, reason="想试一下看看")

    assert not ComplaintTelling.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="feedback.complaint").exists()


def test_its_ticket_says_how_it_stands_in_wechat(log_in, complaint):
    message = complaint.ticket.messages.earliest("id")
    ComplaintTelling.objects.filter(pk=told(complaint).pk).update(message=message)

    page = log_in("客服").get(reverse("admin:feedback_ticket_change", args=[complaint.ticket_id]))

    shown = page.content.decode()
    assert complaint.complaint_id in shown
    assert "答复剩 23 小时" in shown
    assert "微信未接受" in shown


def test_of_what_is_over_nobody_is_answered_whom_the_answer_would_not_reach(log_in, complaint):
    Complaint.objects.filter(pk=complaint.pk).update(state="PROCESSED")
    Ticket.objects.filter(pk=complaint.ticket_id).update(assignee=logged_in().user)
    told(complaint)
    desk, ticket = log_in("客服"), complaint.ticket
    page = reverse("admin:feedback_ticket_change", args=[ticket.pk])

    def answer():
        to = reverse("admin:feedback_ticket_answer", args=[ticket.pk])
        seen = ticket.messages.latest("id").pk
        said = {"body": "请看说明", "seen_id": seen, "client_id": uuid.uuid4()}
        return desk.post(to, said, follow=True).content.decode()

    assert "回复顾客（仅小程序，微信投诉已完结）" in desk.get(page).content.decode()
    answer()
    assert ticket.messages.filter(voice="AGENT").count() == 1
    Ticket.objects.filter(pk=ticket.pk).update(user=None)

    assert "回复顾客" not in desk.get(page).content.decode()
    assert "微信支付投诉单已处理完成" in answer()
    act(desk, complaint, "again")

    assert ticket.messages.filter(voice="AGENT").count() == 1
    assert [telling.state for telling in ComplaintTelling.objects.all()] == ["REFUSED"]


def test_what_is_over_is_answered_here_and_not_in_wechat(complaint):
    agent = logged_in().user
    Ticket.objects.filter(pk=complaint.ticket_id).update(assignee=agent)
    for state in ("PROCESSING", "PROCESSED"):
        Complaint.objects.filter(pk=complaint.pk).update(state=state)
        reply(
            ticket_id=complaint.ticket_id,
            agent_id=agent.pk,
            body=f"您好，{state}",
            client_id=state,
            seen_id=complaint.ticket.messages.latest("id").pk,
        )
        with transaction.atomic():
            tell_answer(message_id=complaint.ticket.messages.latest("id").pk)

    assert [telling.text for telling in complaint.tellings.all()] == ["您好，PROCESSING"]
