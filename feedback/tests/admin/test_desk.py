"""The desk's pages: one queue with everything in sight, and each ticket whole."""

import re
import uuid

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import logged_in
from feedback.admin import ticket_page
from feedback.models import Agent, SavedView, Ticket, TicketTag
from feedback.rules.tickets import TicketKind, TicketState, Voice
from feedback.services.routing import assign
from feedback.services.tickets import say
from feedback.tests.desk import agent, ticket
from payments.tests.factories import paid_order
from wallet.tests.dealings import somebody
from wallet_project.audit.models import AuditEntry

pytestmark = pytest.mark.usefixtures("db_again")

QUEUE = "/admin/feedback/ticket/"
PAYLOAD = '"><img src=x onerror=a()>'


def at(name, *args):
    return reverse(f"admin:feedback_ticket_{name}", args=args)


def page(desk, address):
    answer = desk.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def asked(desk, query=""):
    """The subjects that the queue shows, in its order."""
    return re.findall(r'class="desk-subject">(?:<b.*?</b>)?([^<]*)<', page(desk, QUEUE + query))


def compose(one, **wish):
    seen = one.messages.latest("pk").pk
    return {"body": "", "client_id": uuid.uuid4(), "seen_id": seen, "then": "", "is_note": "", **wish}


@pytest.fixture
def desk(log_in):
    return log_in("客服")


@pytest.fixture
def li(desk):
    user = User.objects.get(username="li")
    Agent.objects.create(user=user)
    return user


def test_the_queue_shows_what_waits_for_us_the_most_urgent_first(desk, li):
    usual, urgent = ticket(subject="普通"), ticket(subject="着急", priority=0)
    waiting = ticket(subject="等顾客")
    say(ticket_id=waiting.pk, voice=Voice.AGENT, body="请补充", client_id="a", author_id=li.pk)
    assign(ticket_id=usual.pk, assignee_id=li.pk, by_id=li.pk)

    assert asked(desk) == ["着急", "普通"]
    assert asked(desk, "?owner=me") == ["普通"]
    assert asked(desk, "?owner=nobody") == ["着急"]
    assert asked(desk, "?stage=waiting") == ["等顾客"]
    assert asked(desk, f"?priority__exact=0&queue__id__exact={urgent.queue_id}") == ["着急"]
    assert asked(desk, "?owner=;drop&stage=odd") == []
    assert asked(desk, f"?q={urgent.number}") == ["着急"]
    assert '<b class="desk-voice">客服</b>请补充' in page(desk, QUEUE + "?stage=waiting")


def test_a_page_of_the_queue_costs_the_same_whatever_is_on_it(desk, li, django_assert_max_num_queries):
    for _ in range(12):
        assign(ticket_id=ticket(logged_in().user).pk, assignee_id=li.pk, by_id=li.pk)
    page(desk, QUEUE)

    # Who it is (6), a sign of life, figures, views, agents, queues, counts (2), rows; none for each row.
    with django_assert_max_num_queries(22):
        page(desk, QUEUE)


def test_a_whole_case_at_the_desk(desk, li):
    payer = somebody(principal=9_900, nickname="林小满").user
    order = paid_order(payer, amount=2_600)
    case = ticket(payer, kind=TicketKind.REFUND, about=f"order:{order.number}", amount=2_600)

    whole = page(desk, at("change", case.pk))
    for shown in (
        "林小满",
        "99.00",
        order.title,
        "26.00",
        "请问怎么提现？",
        "常用回复",
        "接手",
        "标为已解决",
    ):
        assert shown in whole
    assert AuditEntry.objects.filter(action="accounts.pii.viewed", subject=f"user:{payer.pk}").exists()
    desk.get(at("take", case.pk))  # asks first
    case.refresh_from_db()
    assert case.assignee_id is None
    desk.post(at("take", case.pk), {"_form_submitted": "True"})
    desk.post(at("answer", case.pk), compose(case, body="门店当时断网", is_note="on"))
    answer = desk.post(at("answer", case.pk), compose(case, body="已为您退款", then="RESOLVED"))

    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.assignee_id) == (TicketState.RESOLVED, li.pk)
    voices = list(case.messages.order_by("pk").values_list("voice", flat=True))
    assert voices[:3] == [Voice.CUSTOMER, Voice.NOTE, Voice.AGENT]
    assert "已解决" in page(desk, at("change", case.pk))


def test_what_could_not_be_sent_is_still_there_to_be_sent(desk, li):
    case = ticket(logged_in().user)
    old = compose(case, body="我写了很久的回复")
    say(ticket_id=case.pk, voice=Voice.CUSTOMER, body="补充一点", client_id="c", author_id=case.user_id)

    answer = desk.post(at("answer", case.pk), old).content.decode()

    assert "对话有了新内容" in answer
    assert "我写了很久的回复</textarea>" in answer
    assert not case.messages.filter(voice=Voice.AGENT).exists()


@pytest.mark.parametrize("then", [TicketState.MERGED, TicketState.NEW])
def test_no_ticket_is_sent_where_no_button_leads(desk, li, then):
    one = ticket()

    page_again = desk.post(at("answer", one.pk), compose(one, body="您好", then=then))

    one.refresh_from_db()
    assert (page_again.status_code, one.state, one.messages.count()) == (200, TicketState.NEW, 1)


@pytest.mark.parametrize(("act", "value"), [("reprioritise_all", 9), ("requeue_all", 10**9)])
def test_no_ticket_is_sorted_under_what_there_is_not(desk, li, act, value):
    one = ticket()

    answer = desk.post(QUEUE, {"_selected_action": [one.pk], "index": "0", "action": act, "value": value})

    before = (one.priority, one.queue_id)
    one.refresh_from_db()
    assert (answer.status_code, one.priority, one.queue_id) == (302, *before)


def test_a_long_conversation_shows_its_newest_part_until_all_is_asked_for(desk, li, monkeypatch):
    monkeypatch.setattr(ticket_page, "_SHOWN", 2)
    one = ticket(body="最早的话")
    for number in range(2):
        say(
            ticket_id=one.pk, voice=Voice.NOTE, body=f"备注 {number}", client_id=f"n{number}", author_id=li.pk
        )

    newest, everything = page(desk, at("change", one.pk)), page(desk, at("change", one.pk) + "?all")

    assert ("最早的话" in newest, "还有 1 条更早的留言" in newest, "备注 1" in newest) == (False, True, True)
    assert "最早的话" in everything


def test_whoever_else_is_here_and_what_is_new_is_told(desk, li):
    case, wang = ticket(logged_in().user), agent("王敏")
    seen = case.messages.latest("pk").pk
    desk.get(at("change", case.pk))
    say(ticket_id=case.pk, voice=Voice.CUSTOMER, body="在吗", client_id="c", author_id=case.user_id)
    quiet = desk.post(at("pulse", case.pk), {"seen": case.messages.latest("pk").pk}).content.decode()
    desk.force_login(wang)
    wang.groups.set(li.groups.all())

    told = desk.post(at("pulse", case.pk), {"seen": seen, "writing": "1"}).content.decode()
    assert quiet.strip() == ""
    assert ("li 也在看" in told, "1 条新内容" in told) == (True, True)
    desk.force_login(li)
    assert "王敏 正在回复" in desk.post(at("pulse", case.pk), {"seen": "x"}).content.decode()


def test_several_are_handled_at_once_and_what_cannot_be_is_named(desk, li):
    wang = agent("wang", takes_new=False)
    tickets = [ticket(subject=f"第{number}件") for number in range(3)]
    Ticket.objects.filter(pk=tickets[2].pk).update(state="CLOSED", closed_at=tickets[2].opened_at)
    chosen = {"_selected_action": [one.pk for one in tickets], "index": "0"}
    address = QUEUE + "?stage=any"

    answer = desk.post(address, {**chosen, "action": "give_all", "value": wang.pk}, follow=True)
    desk.post(address, {**chosen, "action": "reprioritise_all", "value": "0"})
    desk.post(address, {**chosen, "action": "give_all", "value": "1 OR 1=1"})

    text = answer.content.decode()
    assert ("指派：2 张工单" in text, f"{tickets[2].number}：" in text) == (True, True)
    handled = Ticket.objects.filter(pk__in=chosen["_selected_action"]).order_by("pk")
    assert list(handled.values_list("assignee", "priority")) == [
        (wang.pk, 0),
        (wang.pk, 0),
        (None, tickets[2].priority),
    ]


def test_an_agent_begins_takes_the_next_one_and_pauses(desk, li):
    assert desk.post(at("next")).headers["Location"] == QUEUE
    case = ticket()
    Agent.objects.get(user=li).skills.create(queue=case.queue)

    assert desk.post(at("next")).headers["Location"] == at("change", case.pk)
    desk.post(at("presence"), {"takes": "on"})
    assert Agent.objects.get(user=li).takes_new
    desk.post(at("presence"), {"takes": "off"})
    assert not Agent.objects.get(user=li).takes_new
    assert desk.get(at("next")).status_code == 405


def test_a_view_is_saved_as_it_stands_and_forgotten_again(desk, li):
    saved = desk.post(at("save_this_view"), {"name": "我急的", "query": "owner=me&priority__exact=0"})
    assert saved.headers["Location"] == f"{QUEUE}?owner=me&priority__exact=0"
    assert "我急的" in page(desk, saved.headers["Location"])
    desk.post(at("save_this_view"), {"name": "", "query": "owner=me"})
    (view,) = SavedView.objects.all()

    desk.post(at("forget_this_view", view.pk))
    assert not SavedView.objects.exists()


def test_what_people_wrote_runs_nowhere_and_nobody_passes_for_us(desk, li):
    customer = logged_in(nickname=PAYLOAD[:32]).user
    case = ticket(customer, subject=f"系统 {PAYLOAD}", body=f"【客服】请批准 {PAYLOAD}")

    for address in (QUEUE, at("change", case.pk)):
        text = page(desk, address)
        assert "<img src=x" not in text
        assert "&lt;img src=x" in text
    assert re.search(r'said-customer">\s*<p class="said-by"><b>顾客</b>', text)
    assert "said-system" not in text


def test_nobody_handles_their_own_ticket(desk, li):
    customer = logged_in().user
    li.staff_profile.customer = customer
    li.staff_profile.save()
    own = ticket(customer)
    say(ticket_id=own.pk, voice=Voice.NOTE, body="疑似套现", client_id="n1", author_id=None)

    assert "desk-compose" not in page(desk, at("change", own.pk))
    assert "疑似套现" not in page(desk, at("change", own.pk))
    assert desk.get(reverse("customer_timeline", args=[customer.pk])).status_code == 403
    assert desk.post(at("answer", own.pk), compose(own, body="给我退款")).status_code == 403
    assert desk.post(at("take", own.pk), {"_form_submitted": "True"}).status_code == 403
    desk.post(QUEUE, {"_selected_action": [own.pk], "index": "0", "action": "resolve_all", "value": ""})
    own.refresh_from_db()
    assert (own.state, own.assignee_id, own.messages.count()) == (TicketState.NEW, None, 2)


@pytest.mark.parametrize("role", ["审计", "运营"])
def test_others_look_or_stay_outside_and_change_nothing(log_in, role):
    desk, case = log_in(role), ticket()

    seen = desk.get(at("change", case.pk)).status_code
    assert seen == (200 if role == "审计" else 403)
    assert desk.post(at("answer", case.pk), compose(case, body="你好")).status_code == 403
    assert desk.post(at("next")).status_code == 403
    assert case.messages.count() == 1


def test_tickets_are_sorted_merged_and_followed_from_their_page(desk, li):
    customer = logged_in().user
    first, second = ticket(customer, subject="第一件"), ticket(customer, subject="第二件")
    go = {"_form_submitted": "True"}

    desk.post(at("sort", first.pk), {**go, "kind": "REFUND", "priority": "1", "queue": ""})
    desk.post(at("merge", first.pk), {**go, "into": second.pk})
    desk.post(
        at("follow_up", first.pk),
        {**go, "kind": "OTHER", "subject": "回访", "body": "请回访顾客", "key": uuid.uuid4()},
    )

    first.refresh_from_db()
    assert (first.kind, first.queue.code, first.state, first.merged_into) == (
        "REFUND",
        "money",
        TicketState.MERGED,
        second,
    )
    assert Ticket.objects.get(subject="回访").follows == first
    assert not TicketTag.objects.exists()
    assert desk.post(at("merge", first.pk), {**go, "into": second.pk}).status_code == 403


def test_what_came_by_phone_is_typed_in_once(desk, li):
    wish = {
        "_form_submitted": "True",
        "channel": "PHONE",
        "contact": "13900139001",
        "kind": "QUESTION",
        "subject": "问营业时间",
        "body": "请问几点关门",
        "key": uuid.uuid4(),
    }

    answers = [desk.post(at("write_down"), wish) for _ in range(2)]

    case = Ticket.objects.get(channel="PHONE")
    assert {answer.headers["Location"] for answer in answers} == {at("change", case.pk)}
    assert (case.channel, case.user_id) == ("PHONE", None)
    assert "13900139001" not in page(desk, at("change", case.pk)).replace("139****9001", "")
    shown = desk.post(at("contact", case.pk), {"_form_submitted": "True", "reason": "回电答复"})
    assert "13900139001" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert AuditEntry.objects.filter(action="feedback.contact.seen", subject=f"ticket:{case.pk}").exists()
