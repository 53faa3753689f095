"""An agent answers: once, with the conversation before their eyes, and nothing left to fill in."""

from datetime import timedelta

import pytest

from accounts.tests.factories import logged_in
from feedback.errors import ConversationWentOn, NothingSaid, ReplyUnfinished, TicketClosed
from feedback.models import CannedReply, SavedView, TicketLook
from feedback.rules.tickets import TicketState, Voice
from feedback.selectors.canned_replies import replies_for
from feedback.selectors.desk import known_subject_of
from feedback.selectors.presence import others_at
from feedback.services.desk import forget_view, reply, save_view
from feedback.services.presence import forget_looks, look_at
from feedback.services.tickets import move_ticket, say
from feedback.tests.desk import agent, ticket
from payments.tests.factories import paid_order
from wallet.tests.dealings import somebody
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def li():
    return agent("li", takes_new=False)


@pytest.fixture
def asked():
    return ticket(logged_in().user)


def send(asked, who, body="请在微信里确认收款", *, seen=None, key="k1", then=None):
    last = seen if seen is not None else asked.messages.latest("pk").pk
    reply(ticket_id=asked.pk, agent_id=who.pk, body=body, client_id=key, seen_id=last, then=then)
    asked.refresh_from_db()


def said(asked):
    return [(each.voice, each.body) for each in asked.messages.order_by("pk")]


def test_whoever_answers_what_nobody_has_has_it_and_it_waits_for_the_customer(li, asked):
    send(asked, li)

    assert (asked.state, asked.assignee_id) == (TicketState.WAITING, li.pk)
    assert said(asked)[-1] == (Voice.AGENT, "请在微信里确认收款")


def test_words_and_a_move_are_one_step_and_a_repetition_is_none(li, asked):
    first = asked.messages.latest("pk").pk
    send(asked, li, then=TicketState.RESOLVED)
    before = said(asked)
    send(asked, li, seen=first, then=TicketState.RESOLVED)

    assert asked.state == TicketState.RESOLVED
    assert said(asked) == before
    assert [voice for voice, _body in before].count(Voice.AGENT) == 1


def test_it_stays_ours_where_the_agent_says_so(li, asked):
    send(asked, li, then=TicketState.OPEN)

    assert asked.state == TicketState.OPEN


def test_a_move_alone_needs_no_words_but_one_of_the_two_is_needed(li, asked):
    with pytest.raises(NothingSaid):
        send(asked, li, body="  \n")
    send(asked, li, body="", then=TicketState.RESOLVED)

    assert (asked.state, asked.assignee_id) == (TicketState.RESOLVED, None)


def test_nothing_is_sent_past_what_somebody_else_has_just_said(li, asked):
    seen = asked.messages.latest("pk").pk
    say(ticket_id=asked.pk, voice=Voice.CUSTOMER, body="已经到账了", client_id="c", author_id=asked.user_id)
    before = said(asked)

    with pytest.raises(ConversationWentOn):
        send(asked, li, seen=seen)

    assert said(asked) == before
    assert (asked.state, asked.assignee_id) == (TicketState.NEW, None)
    say(ticket_id=asked.pk, voice=Voice.NOTE, body="已核实", client_id="n", author_id=agent("wang").pk)
    send(asked, li, seen=asked.messages.get(body="已经到账了").pk)
    assert asked.state == TicketState.WAITING


def test_a_reply_with_an_open_variable_is_not_sent(li, asked):
    before = said(asked)

    with pytest.raises(ReplyUnfinished):
        send(asked, li, body="{{金额}} 元已退回")

    assert said(asked) == before


def test_what_is_over_is_not_answered(li, asked):
    move_ticket(ticket_id=asked.pk, to=TicketState.CLOSED, by_id=li.pk)

    with pytest.raises(TicketClosed):
        send(asked, li)

    assert Voice.AGENT not in {voice for voice, _body in said(asked)}


def test_canned_replies_speak_of_the_money_in_question_and_fit_the_ticket(li):
    CannedReply.objects.all().delete()
    for title, body, kinds, language in (
        ("状态", "{{顾客}}，单号 {{单号}}：{{金额}} 元{{状态}}", ["REFUND"], "zh-hans"),
        ("招呼", "您好，我是{{客服}}，工单 {{工单号}}", [], "zh-hans"),
        ("提现", "请确认收款", ["WITHDRAWAL"], "zh-hans"),
        ("Hello", "Hello", [], "en"),
    ):
        CannedReply.objects.create(title=title, body=body, kinds=kinds, language=language)
    payer = somebody(principal=5_000, nickname="小满").user
    order = paid_order(payer, amount=2_600)
    about = ticket(payer, kind="REFUND", about=f"order:{order.number}")
    others = ticket(logged_in().user, kind="REFUND", about=f"order:{order.number}")

    replies = replies_for(about, about=known_subject_of(about), agent_name="小李")

    assert [(each.title, each.body) for each in replies] == [
        ("状态", f"小满，单号 {order.number}：26.00 元已支付"),
        ("招呼", f"您好，我是小李，工单 {about.number}"),
    ]
    assert known_subject_of(others) is None  # somebody else's order tells nothing
    assert "{{金额}}" in replies_for(others, about=None, agent_name="小李")[0].body


def test_who_else_looks_is_seen_for_a_minute(li, asked):
    wang = agent("wang")
    look_at(ticket_id=asked.pk, user_id=li.pk, is_writing=False)
    look_at(ticket_id=asked.pk, user_id=wang.pk, is_writing=False)
    look_at(ticket_id=asked.pk, user_id=wang.pk, is_writing=True)

    now = clock.now()
    (other,) = others_at(asked.pk, but=li.pk, at=now)
    assert (other.user, other.is_writing) == (wang, True)
    assert not others_at(asked.pk, but=li.pk, at=now + timedelta(seconds=90)).exists()
    TicketLook.objects.filter(user=wang).update(at=now - timedelta(days=2))
    forget_looks()
    assert TicketLook.objects.filter(ticket=asked).count() == 1


def test_views_are_ones_own_and_the_same_name_is_the_same_view(li):
    wang = agent("wang")
    save_view(owner_id=li.pk, name="急", query="priority__exact=0")
    save_view(owner_id=li.pk, name="急", query="priority__exact=1")
    save_view(owner_id=wang.pk, name="急", query="owner=me")

    (mine,) = SavedView.objects.filter(owner=li)
    assert mine.query == "priority__exact=1"
    forget_view(owner_id=wang.pk, view_id=mine.pk)
    assert SavedView.objects.filter(owner=li).exists()
    for number in range(25):
        save_view(owner_id=li.pk, name=f"视图{number}", query="owner=me")
    assert SavedView.objects.filter(owner=li).count() == 20
