"""A complaint in WeChat is heard, read, answered and ended through its ticket, and nothing of it is lost."""

import base64
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection, transaction
from PIL import Image

from accounts.tests.factories import logged_in
from feedback.errors import RefundDecided
from feedback.models import Complaint, ComplaintTelling, TicketMessage
from feedback.rules.complaints import UNFIT_TRIES
from feedback.rules.tickets import TicketState, Voice
from feedback.selectors.attachments import of_messages
from feedback.selectors.complaints import complaint_figures
from feedback.services.attachments import attach, keep_picture
from feedback.services.complaint_sending import due_tellings, send_telling
from feedback.services.complaint_tellings import refuse_what_is_wanted, tell_again
from feedback.services.complaints import find_complaints, notice_complaint, read_complaint, wait_for_a_person
from feedback.services.customers import close_mine
from feedback.services.merging import merge_ticket
from feedback.services.tickets import move_ticket, say
from feedback.tasks import look_after_complaints
from feedback.tests.complaints import complained
from feedback.tests.factories import opened
from payments.gateways.wechat.complaints import respond
from wallet.events import TopUpTakenBack
from wallet_project.kit import clock
from wallet_project.kit.events import publish
from wallet_project.kit.privileges import WALLET_APP_ROLE

RESPONSES = "/v3/merchant-service/complaints-v2/.*/response"
READING = "/v3/merchant-service/complaints-v2/[0-9]*$"


@pytest.fixture
def agent(db):
    return logged_in().user


@pytest.fixture
def complain(wechat, outbox):
    """Somebody complains; we have heard of it, and read it where that works."""

    def file(number="", **wish):
        complaint_id = wechat.complain(number, **wish)["complaint_id"]
        with transaction.atomic():
            notice_complaint(complaint_id)
        outbox.deliver()
        return Complaint.objects.get(complaint_id=complaint_id)

    return file


@pytest.fixture
def heard(outbox):
    """WeChat has news of it."""

    def hear(complaint):
        with transaction.atomic():
            notice_complaint(complaint.complaint_id)
        outbox.deliver()
        complaint.refresh_from_db()
        return complaint

    return hear


@pytest.fixture
def answer(agent, outbox):
    def answer(complaint, text, client_id="a1"):
        say(
            ticket_id=complaint.ticket_id,
            voice=Voice.AGENT,
            body=text,
            client_id=client_id,
            author_id=agent.pk,
        )
        outbox.deliver()
        complaint.refresh_from_db()

    return answer


def steps_of(wechat, complaint):
    return [(step["kind"], step["details"]) for step in wechat.complaint(complaint.complaint_id)["steps"]]


def said_in(ticket):
    return [(one.voice, one.body) for one in ticket.messages.order_by("id")]


def picture():
    content = BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


def test_it_becomes_a_ticket_of_its_payer_about_what_they_paid(top_up, complain):
    payment = top_up(12_34)
    complaint = complain(payment.number, detail="充值没有到账", images=[picture()])

    ticket = complaint.ticket
    assert (ticket.user_id, ticket.about) == (payment.payer_id, f"top_up:{payment.top_up.number}")
    assert (ticket.kind, ticket.channel, ticket.amount) == ("COMPLAINT", "WECHAT", 12_34)
    assert said_in(ticket) == [("CUSTOMER", "充值没有到账")]
    [first] = ticket.messages.all()
    assert len(of_messages([first.pk])[first.pk]) == 1
    assert (complaint.state, complaint.phone) == ("PENDING", "13800138001")
    assert (complaint.answer_by - complaint.complained_at).total_seconds() == 24 * 3600
    assert (complaint.solve_by - complaint.complained_at).total_seconds() == 72 * 3600


def test_told_twice_and_found_again_it_is_still_one_conversation(top_up, complain, heard, outbox):
    complaint = complain(top_up().number, detail="充值没有到账")

    heard(complaint)
    found = find_complaints(at=clock.now(), days=1)
    outbox.deliver()

    assert found == 0
    assert len(said_in(complaint.ticket)) == 1


def test_one_whose_callback_was_lost_is_found(top_up, wechat, outbox):
    filed = wechat.complain(top_up().number)

    assert find_complaints(at=clock.now(), days=1) == 1
    outbox.deliver()

    assert Complaint.objects.get(complaint_id=filed["complaint_id"]).ticket is not None


def test_words_whose_callback_was_lost_are_found(top_up, wechat, complain, answer, heard, outbox):
    complaint = complain(top_up().number)
    answer(complaint, "请补充时间")
    heard(complaint)
    wechat.complaint_goes_on(complaint.complaint_id, "say", text="昨天下午")

    assert find_complaints(at=clock.now(), days=1) == 1
    outbox.deliver()

    assert ("CUSTOMER", "【投诉人留言】昨天下午") in said_in(complaint.ticket)


def test_one_that_goes_on_in_another_ticket_is_still_about_what_was_paid(
    top_up, complain, answer, agent, heard, wechat, outbox
):
    payment = top_up()
    complaint = complain(payment.number, problem_type="REFUND")
    into = opened(user_id=payment.payer_id)
    merge_ticket(ticket_id=complaint.ticket_id, into_id=into.pk, by_id=agent.pk)
    outbox.deliver()

    heard(complaint)

    assert (complaint.ticket_id, complaint.about) == (into.pk, f"top_up:{payment.top_up.number}")
    answer(complaint, "已为您登记")
    assert steps_of(wechat, complaint)[-1] == ("MERCHANT_RESPONSE", "已为您登记")


def test_what_waits_behind_an_answer_keeps_no_other_complaint_waiting(db):
    stuck, other = complained(), complained()
    now = clock.now()
    later = now + timedelta(minutes=5)
    for complaint, next_try_at in ((stuck, later), (stuck, now), (other, now)):
        ComplaintTelling.objects.create(
            complaint=complaint, kind="RESPONSE", text="已登记", made_at=now, next_try_at=next_try_at
        )

    assert due_tellings(at=now, limit=1) == [other.tellings.get().pk]


def test_one_of_nobody_we_know_is_kept_with_its_pictures_named(complain):
    complaint = complain(detail="你们是谁", images=[picture()])

    assert complaint.ticket.user is None
    [_first, note] = said_in(complaint.ticket)
    assert note[0] == "NOTE"
    assert complaint.complaint_id in note[1]


def test_one_that_cannot_be_read_is_soon_a_ticket_and_later_the_whole_story(top_up, wechat, complain, outbox):
    payment = top_up()
    wechat.fault("unknown_code", path=READING, times=100)
    complaint = complain(payment.number, detail="充值没有到账")
    assert (complaint.ticket, complaint.failures) == (None, 1)

    for _ in range(2):
        read_complaint(complaint_id=complaint.complaint_id)
    complaint.refresh_from_db()
    unread = complaint.ticket
    assert (unread.user, unread.subject) == (None, "微信支付投诉（暂时无法读取）")

    wechat.clear_faults()
    Complaint.objects.update(look_at=clock.now())
    look_after_complaints()
    outbox.deliver()

    complaint.refresh_from_db()
    unread.refresh_from_db()
    assert (complaint.ticket_id, complaint.look_at, complaint.failures) == (unread.pk, None, 0)
    assert (unread.user_id, unread.amount) == (payment.payer_id, payment.from_channel)
    assert said_in(unread)[-1] == ("CUSTOMER", "充值没有到账")


def owner_does(sql):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE none")
        cursor.execute(sql)
        cursor.execute(f"SET LOCAL ROLE {WALLET_APP_ROLE}")


@pytest.fixture
def refused_by_the_database(db):
    """No complaint about 66.66 yuan can be written; ends with what is returned."""

    owner_does("ALTER TABLE feedback_complaint ADD CONSTRAINT for_this_test CHECK (paid <> 6666)")
    return lambda: owner_does("ALTER TABLE feedback_complaint DROP CONSTRAINT for_this_test")


def test_what_the_database_refuses_waits_for_a_person_and_is_not_lost(
    refused_by_the_database, top_up, complain, heard
):
    complaint = complain(top_up(66_66).number, detail="充值没有到账")
    for _ in range(UNFIT_TRIES - 1):
        assert complaint.look_at > clock.now()
        read_complaint(complaint_id=complaint.complaint_id)
        complaint.refresh_from_db()

    waits = complaint.ticket
    assert (complaint.failures, complaint.state) == (UNFIT_TRIES, "NOTICED")
    assert "6666" not in complaint.last_error
    assert (waits.subject, waits.state) == ("微信支付投诉（暂时无法读取）", "NEW")
    [note] = [body for voice, body in said_in(waits) if voice == "NOTE"]
    assert complaint.complaint_id in note
    assert complaint_figures(at=clock.now()).unfit == 1
    assert find_complaints(at=clock.now(), days=1) == 0

    heard(complaint)  # news from WeChat: once more, and no second note on this day
    assert (complaint.failures, complaint.look_at) == (UNFIT_TRIES + 1, None)
    refused_by_the_database()
    heard(complaint)

    assert (complaint.failures, complaint.state, complaint.ticket) == (0, "PENDING", waits)
    assert ("CUSTOMER", "充值没有到账") in said_in(waits)
    assert [voice for voice, _body in said_in(waits)].count("NOTE") == 1


def test_what_is_not_kept_opens_what_was_resolved_and_follows_what_was_closed(db):
    for state in (TicketState.RESOLVED, TicketState.CLOSED):
        complaint = complained()
        ticket = complaint.ticket
        move_ticket(ticket_id=ticket.pk, to=state, by_id=None)
        Complaint.objects.filter(pk=complaint.pk).update(failures=UNFIT_TRIES)

        wait_for_a_person(complaint.complaint_id)

        complaint.refresh_from_db()
        assert complaint.look_at is None
        assert complaint.ticket.state in {"OPEN", "NEW"}
        assert (complaint.ticket.follows or complaint.ticket) == ticket


def test_an_answer_in_the_ticket_is_read_in_wechat_once(top_up, wechat, complain, answer, heard):
    complaint = complain(top_up().number)
    answer(complaint, "您好，" + "已" * 250)
    heard(complaint)

    told = [details for kind, details in steps_of(wechat, complaint) if kind == "MERCHANT_RESPONSE"]
    assert [len(part) for part in told] == [3, 200, 50]
    assert "".join(told) == "您好，" + "已" * 250
    assert (complaint.state, complaint.answered_at is not None, complaint.answer_by) == (
        "PROCESSING",
        True,
        None,
    )
    assert [voice for voice, _ in said_in(complaint.ticket)] == ["CUSTOMER", "AGENT"]


def test_the_pictures_of_an_answer_go_with_its_first_part(top_up, wechat, complain, agent, outbox):
    complaint = complain(top_up().number)
    sent = keep_picture(owner_id=agent.pk, content=base64.b64decode(picture()))
    with transaction.atomic():
        message = say(
            ticket_id=complaint.ticket_id,
            voice=Voice.AGENT,
            body="凭证如图。" + "好" * 200,
            client_id="a1",
            author_id=agent.pk,
        )
        attach(message_id=message.pk, owner_id=agent.pk, tokens=[sent.token])
    outbox.deliver()

    [_filed, first, second] = wechat.complaint(complaint.complaint_id)["steps"]
    assert (first["details"], first["images"], second["images"]) == ("凭证如图。", 1, 0)


def test_an_answer_whose_pictures_took_long_is_sent_with_the_next_try(
    top_up, wechat, complain, agent, outbox, monkeypatch
):
    complaint = complain(top_up().number)
    sent = keep_picture(owner_id=agent.pk, content=base64.b64decode(picture()))
    with transaction.atomic():
        message = say(
            ticket_id=complaint.ticket_id, voice=Voice.AGENT, body="如图", client_id="a1", author_id=agent.pk
        )
        attach(message_id=message.pk, owner_id=agent.pk, tokens=[sent.token])
    with monkeypatch.context() as hurry:
        hurry.setattr("feedback.rules.complaints._PAUSES", (1,))
        outbox.deliver()
    assert [kind for kind, _ in steps_of(wechat, complaint)] == ["USER_CREATE_COMPLAINT"]

    ComplaintTelling.objects.update(next_try_at=clock.now())
    look_after_complaints()
    outbox.deliver()

    [_filed, answered] = wechat.complaint(complaint.complaint_id)["steps"]
    assert (answered["details"], answered["images"]) == ("如图", 1)


@pytest.mark.parametrize("kind", ["error_after", "unsigned", "reset_after"])
def test_an_answer_that_wechat_may_have_is_looked_for_and_not_repeated(
    top_up, wechat, complain, answer, outbox, kind
):
    complaint = complain(top_up().number)
    wechat.fault(kind, path=RESPONSES)
    answer(complaint, "已为您登记")
    assert ComplaintTelling.objects.get().state == "WAITING"

    ComplaintTelling.objects.update(next_try_at=clock.now())
    look_after_complaints()
    outbox.deliver()

    assert ComplaintTelling.objects.get().state == "SENT"
    assert [kind for kind, _ in steps_of(wechat, complaint)].count("MERCHANT_RESPONSE") == 1


def test_an_answer_that_wechat_never_took_is_sent_later(top_up, wechat, complain, answer, outbox):
    complaint = complain(top_up().number)
    wechat.fault("error_before", path=RESPONSES)
    answer(complaint, "已为您登记")

    ComplaintTelling.objects.update(next_try_at=clock.now())
    look_after_complaints()
    outbox.deliver()

    assert [kind for kind, _ in steps_of(wechat, complaint)].count("MERCHANT_RESPONSE") == 1


def test_what_we_cannot_note_as_told_is_tried_so_often_and_then_waits_for_a_person(
    top_up, wechat, complain, answer, agent, outbox
):
    complaint = complain(top_up().number)
    table = "ALTER TABLE feedback_complainttelling"
    owner_does(f"{table} ADD CONSTRAINT for_this_test CHECK (state <> 'SENT' OR text <> '已为您登记')")
    answer(complaint, "已为您登记")
    answer(complaint, "请稍候", client_id="a2")
    first, second = ComplaintTelling.objects.order_by("pk")
    for _ in range(UNFIT_TRIES - 1):
        assert (first.state, second.state) == ("WAITING", "WAITING")
        ComplaintTelling.objects.filter(pk=first.pk).update(next_try_at=clock.now())
        send_telling(telling_id=first.pk)
        first.refresh_from_db()
    outbox.deliver()

    assert (first.state, first.failures, first.next_try_at) == ("UNFIT", UNFIT_TRIES, None)
    assert first.last_error == "写入失败：IntegrityError"
    second.refresh_from_db()
    assert second.state == "SENT", "what waits behind it goes on"
    [note] = [body for voice, body in said_in(complaint.ticket) if voice == "NOTE"]
    assert "回复投诉人" in note
    assert complaint_figures(at=clock.now()).unfit == 1
    said = [words for kind, words in steps_of(wechat, complaint) if kind == "MERCHANT_RESPONSE"]
    assert said == ["已为您登记", "请稍候"], "WeChat has heard it once all the same"

    owner_does(f"{table} DROP CONSTRAINT for_this_test")
    tell_again(complaint_id=complaint.complaint_id, by_id=agent.pk)
    outbox.deliver()
    first.refresh_from_db()
    assert (first.state, first.failures) == ("SENT", 0)
    assert [kind for kind, _ in steps_of(wechat, complaint)].count("MERCHANT_RESPONSE") == 2
    assert complaint_figures(at=clock.now()).unfit == 0


def test_resolved_here_it_is_processed_there(top_up, wechat, complain, answer, agent, outbox):
    complaint = complain(top_up().number)
    answer(complaint, "已为您补发")
    move_ticket(ticket_id=complaint.ticket_id, to=TicketState.RESOLVED, by_id=agent.pk)
    outbox.deliver()

    complaint.refresh_from_db()
    complaint.ticket.refresh_from_db()
    assert (complaint.state, complaint.solve_by, complaint.ticket.state) == ("PROCESSED", None, "RESOLVED")
    assert steps_of(wechat, complaint)[-1][0] == "MERCHANT_CONFIRM_COMPLETE"


def test_what_wechat_refuses_is_noted_and_open_again(top_up, wechat, complain, agent, outbox):
    complaint = complain(top_up().number)
    move_ticket(ticket_id=complaint.ticket_id, to=TicketState.RESOLVED, by_id=agent.pk)
    outbox.deliver()

    complaint.refresh_from_db()
    complaint.ticket.refresh_from_db()
    assert (complaint.state, complaint.ticket.state) == ("PENDING", "OPEN")
    assert ComplaintTelling.objects.get().state == "REFUSED"
    assert "反馈处理完成" in complaint.ticket.messages.get(voice="NOTE").body


def test_what_is_closed_here_and_not_over_in_wechat_goes_on_in_another_ticket(
    top_up, wechat, complain, answer, outbox
):
    complaint = complain(top_up().number)
    first = complaint.ticket
    close_mine(user_id=first.user_id, number=first.number)
    outbox.deliver()

    complaint.refresh_from_db()
    assert (complaint.state, complaint.ticket.state, complaint.ticket.follows) == ("PENDING", "NEW", first)
    assert "反馈处理完成" in complaint.ticket.messages.get(voice="NOTE").body
    answer(complaint, "马上为您核实")
    assert steps_of(wechat, complaint)[-1] == ("MERCHANT_RESPONSE", "马上为您核实")


def test_whoever_goes_on_opens_it_again_and_counts(top_up, wechat, complain, answer, agent, outbox, heard):
    complaint = complain(top_up().number)
    answer(complaint, "已为您补发")
    move_ticket(ticket_id=complaint.ticket_id, to=TicketState.RESOLVED, by_id=agent.pk)
    outbox.deliver()

    wechat.complaint_goes_on(complaint.complaint_id, "continue", text="还是没有收到")
    heard(complaint)

    assert (complaint.times, complaint.ticket.state) == (2, "OPEN")
    assert ("CUSTOMER", "【继续投诉】还是没有收到") in said_in(complaint.ticket)
    figures = complaint_figures(at=clock.now())
    assert (figures.filed, figures.repeated, figures.repeat_rate) == (1, 1, 10_000)
    assert (figures.answered_in_time, figures.open, figures.late) == (1, 1, 0)


def test_whoever_goes_on_after_all_was_closed_has_a_ticket_that_follows(
    top_up, wechat, complain, answer, agent, outbox, heard
):
    complaint = complain(top_up().number)
    answer(complaint, "已为您补发")
    first = complaint.ticket
    move_ticket(ticket_id=first.pk, to=TicketState.CLOSED, by_id=agent.pk)
    outbox.deliver()

    wechat.complaint_goes_on(complaint.complaint_id, "continue", text="还是没有收到")
    heard(complaint)
    heard(complaint)

    assert (complaint.ticket.follows_id, complaint.ticket.user_id) == (first.pk, first.user_id)
    assert said_in(complaint.ticket) == [("CUSTOMER", "【继续投诉】还是没有收到")]
    answer(complaint, "马上为您核实", client_id="a2")
    assert steps_of(wechat, complaint)[-1] == ("MERCHANT_RESPONSE", "马上为您核实")


def test_who_calls_wechat_for_help_is_an_emergency(top_up, wechat, complain, heard):
    complaint = complain(top_up().number)
    wechat.complaint_goes_on(complaint.complaint_id, "escalate")
    heard(complaint)

    assert (complaint.with_platform, complaint.ticket.priority) == (True, 0)


def test_what_its_payer_takes_back_is_resolved(top_up, wechat, complain, heard):
    complaint = complain(top_up().number)
    wechat.complaint_goes_on(complaint.complaint_id, "withdraw")
    heard(complaint)

    assert (complaint.state, complaint.ticket.state) == ("PROCESSED", "RESOLVED")
    assert not ComplaintTelling.objects.exists()


def test_who_asked_for_their_money_reads_why_not_once(top_up, wechat, complain, agent, outbox):
    complaint = complain(top_up().number, problem_type="REFUND")
    refuse_what_is_wanted(complaint_id=complaint.complaint_id, reason="款项已到账", by_id=agent.pk)
    outbox.deliver()
    with pytest.raises(RefundDecided):
        refuse_what_is_wanted(complaint_id=complaint.complaint_id, reason="款项已到账", by_id=agent.pk)

    assert steps_of(wechat, complaint)[-1] == ("MERCHANT_REFUSE_RERUND", "款项已到账")
    assert ComplaintTelling.objects.count() == 1


def test_a_top_up_that_goes_back_is_agreed_to_and_what_wechat_ended_itself_is_not_ended_again(
    top_up, wechat, complain, agent, outbox
):
    payment = top_up()
    complaint = complain(payment.number, problem_type="REFUND")
    with transaction.atomic():
        publish(TopUpTakenBack(number=payment.top_up.number, user_id=payment.payer_id))
    outbox.deliver()
    assert steps_of(wechat, complaint)[-1] == ("MERCHANT_APPROVE_REFUND", "同意退款，按支付渠道原路退回")

    wechat.complaint_goes_on(complaint.complaint_id, "withdraw")
    move_ticket(ticket_id=complaint.ticket_id, to=TicketState.RESOLVED, by_id=agent.pk)
    outbox.deliver()

    complaint.refresh_from_db()
    complaint.ticket.refresh_from_db()
    assert complaint.tellings.get(kind="COMPLETE").state == "NEEDLESS"
    assert (complaint.state, complaint.ticket.state) == ("PROCESSED", "RESOLVED")


def test_what_is_late_is_counted(top_up, complain):
    complaint = complain(top_up().number)
    later = complaint.complained_at + timedelta(hours=24, seconds=1)

    assert (complaint_figures(at=clock.now()).late, complaint_figures(at=later).late) == (0, 1)


def test_what_somebody_wrote_at_wechats_own_desk_is_in_the_conversation(
    top_up, wechat, complain, heard, outbox
):
    complaint = complain(top_up().number)
    respond(complaint.complaint_id, text="在商户平台回复", media_ids=[])
    heard(complaint)

    assert said_in(complaint.ticket)[-1] == ("AGENT", "【商户平台回复】在商户平台回复")
    assert not ComplaintTelling.objects.exists()
    assert TicketMessage.objects.filter(ticket=complaint.ticket).count() == 2
