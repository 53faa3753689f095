"""A payer complains in WeChat; an agent answers and refunds; WeChat hears of it and it is over."""

from functools import partial

from django.db import transaction

from accounts.models import User
from feedback.models import Complaint
from feedback.rules.tickets import Voice
from feedback.services.complaint_sending import send_telling
from feedback.services.complaint_tellings import tell_answer
from feedback.services.complaints import notice_complaint, read_complaint
from feedback.services.tickets import say
from payments.gateways.wechat.complaints import listen_to_complaints
from payments.models import CallbackReceipt, ExceptionCase, Order
from payments.rules.order_refunds import RefundReason
from payments.services.order_refunds import refund_by_staff
from wallet_project.kit.money import Fen


def test_a_complaint_is_answered_and_refunded_and_over(customer, paid, sandbox, settled):
    number = paid(customer, 12_50, "wechat")
    payment_no = Order.objects.get(number=number).payments.get().number
    listen_to_complaints()

    filed = sandbox.complain(payment_no, problem_type="REFUND", detail="咖啡没有做，要求退款")
    settled()

    complaint = Complaint.objects.select_related("ticket").get(complaint_id=filed["complaint_id"])
    ticket = complaint.ticket
    assert (ticket.about, ticket.amount, ticket.state) == (f"order:{number}", 12_50, "NEW")
    assert CallbackReceipt.objects.get(subject=complaint.complaint_id).state == "DONE"

    agent = User.objects.create(nickname="小陈", is_staff=True)
    say(ticket_id=ticket.pk, voice=Voice.AGENT, body="马上为您退款", client_id="1", author_id=agent.pk)
    refund_by_staff(
        order_id=Order.objects.get(number=number).pk,
        amount=Fen(12_50),
        reason=RefundReason.OTHER,
        note="投诉退款",
        maker_id=agent.pk,
    )
    settled()

    told = sandbox.complaint(complaint.complaint_id)
    complaint.refresh_from_db()
    ticket.refresh_from_db()
    steps = {step["kind"]: step["details"] for step in told["steps"]}
    assert steps["MERCHANT_RESPONSE"] == "马上为您退款"
    assert steps["MERCHANT_APPROVE_REFUND"].startswith("同意退款 12.50 元")
    assert "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE" in steps
    assert (told["state"], complaint.state, ticket.state) == ("PROCESSED", "PROCESSED", "RESOLVED")
    assert complaint.is_refunded


def test_news_that_name_no_complaint_become_a_case(web_server, sandbox, settled):
    sandbox.forge(
        "COMPLAINT.STATE_CHANGE",
        {"action_type": "USER_RESPONSE"},
        f"{web_server}/api/v1/callbacks/wechat/complaints",
        original_type="complaint",
    )
    settled()

    receipt = CallbackReceipt.objects.filter(event_type="COMPLAINT.STATE_CHANGE").latest("id")
    assert receipt.state == "CASE"
    assert ExceptionCase.objects.filter(receipt=receipt, kind="UNREADABLE_NOTICE").exists()


def test_many_workers_at_once_read_one_conversation_and_tell_one_answer(
    customer, paid, sandbox, settled, in_parallel
):
    number = paid(customer, 12_50, "wechat")
    filed = sandbox.complain(Order.objects.get(number=number).payments.get().number)["complaint_id"]
    with transaction.atomic():
        notice_complaint(filed)
    settled()
    complaint = Complaint.objects.select_related("ticket").get(complaint_id=filed)
    agent = User.objects.create(nickname="小陈", is_staff=True)
    sandbox.complaint_goes_on(filed, "say", text="请尽快处理")

    in_parallel([partial(read_complaint, complaint_id=filed)] * 6)
    answer = say(
        ticket_id=complaint.ticket_id, voice=Voice.AGENT, body="好的", client_id="1", author_id=agent.pk
    )
    with transaction.atomic():
        tell_answer(message_id=answer.pk)
    in_parallel([partial(send_telling, telling_id=complaint.tellings.get().pk)] * 6)
    settled()

    said = list(complaint.ticket.messages.order_by("id").values_list("voice", "body"))
    steps = [step["kind"] for step in sandbox.complaint(filed)["steps"]]
    assert said[1:] == [("CUSTOMER", "【投诉人留言】请尽快处理"), ("AGENT", "好的")]
    assert steps == ["USER_CREATE_COMPLAINT", "USER_RESPONSE", "MERCHANT_RESPONSE"]
