"""Tickets are opened once, talked about, and move along their lines."""

from datetime import timedelta

import pytest
import time_machine

from accounts.tests.factories import logged_in
from feedback.errors import NothingSaid, TicketClosed
from feedback.models import Queue, Ticket, TicketMessage
from feedback.rules.tickets import Priority, TicketState, Voice
from feedback.selectors.tickets import find_tickets, what_the_customer_reads
from feedback.services.auto_close import close_silent_tickets
from feedback.services.silence import remind_the_silent, resolve_the_silent
from feedback.services.tickets import move_ticket, open_ticket, reclassify, say
from feedback.tests.factories import opened
from wallet_project.kit import clock
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.money import Fen


def spoken(ticket: Ticket) -> list[tuple[str, str]]:
    return list(ticket.messages.order_by("pk").values_list("voice", "body"))


def events_of(ticket: Ticket) -> list[str]:
    told = StoredEvent.objects.filter(aggregate=f"ticket:{ticket.pk}").order_by("pk")
    return [name.removeprefix("feedback.ticket.") for name in told.values_list("name", flat=True)]


def test_a_ticket_begins_with_the_customers_words_and_is_made_once(db):
    ticket = opened(body="退款三天了还没到账\u202e\x00\n\n\n\n请\u200b帮忙", subject="")
    again = opened(user_id=ticket.user_id, source=ticket.source, body="别的")

    assert again == ticket
    assert ticket.subject == "退款三天了还没到账"
    assert spoken(ticket) == [("CUSTOMER", "退款三天了还没到账\n\n请帮忙")]
    assert (ticket.state, ticket.queue.code, ticket.tier) == ("NEW", "money", "member")
    assert events_of(ticket) == ["opened"]


def test_without_words_there_is_no_ticket(db):
    before = Ticket.objects.count()
    with pytest.raises(NothingSaid):
        opened(body="\u200b \u202e\n")

    assert Ticket.objects.count() == before


@pytest.mark.parametrize(
    ("facts", "priority"),
    [
        ({"kind": "QUESTION"}, Priority.NORMAL),
        ({"kind": "SUGGESTION"}, Priority.LOW),
        ({"kind": "SUGGESTION", "amount": Fen(100_000)}, Priority.HIGH),
        ({"kind": "QUESTION", "amount": Fen(99_999)}, Priority.NORMAL),
        ({"kind": "QUESTION", "body": "我的卡被 盗-刷 了"}, Priority.EMERGENCY),
        ({"kind": "QUESTION", "body": "我的卡被盗刷了", "priority": Priority.LOW}, Priority.LOW),
    ],
)
def test_rules_say_how_urgent_it_is(db, facts, priority):
    assert opened(**facts).priority == priority


def test_words_move_a_ticket_and_notes_do_not(db):
    ticket, agent = opened(), logged_in().user
    talk = (
        (Voice.NOTE, "像是重复提交", "NEW"),
        (Voice.AGENT, "请提供订单号", "WAITING"),
        (Voice.CUSTOMER, "就是上面那个", "OPEN"),
        (Voice.AGENT, "已退款", "WAITING"),
    )
    states = []
    for position, (voice, body, _state) in enumerate(talk):
        say(ticket_id=ticket.pk, voice=voice, body=body, client_id=f"c-{position}", author_id=agent.pk)
        ticket.refresh_from_db()
        states.append(ticket.state)

    assert states == [state for _voice, _body, state in talk]
    assert [message.body for message in what_the_customer_reads(ticket.pk)] == [
        "余额没有到账",
        "请提供订单号",
        "就是上面那个",
        "客服正在处理您的问题",
        "已退款",
    ]
    assert ticket.first_replied_at < ticket.customer_wrote_at < ticket.we_wrote_at


def test_what_was_resolved_is_opened_again_by_the_customer_and_what_is_closed_is_not(db):
    ticket = opened()
    move_ticket(ticket_id=ticket.pk, to=TicketState.RESOLVED, by_id=None)
    say(ticket_id=ticket.pk, voice=Voice.CUSTOMER, body="还是没到", client_id="c-1", author_id=ticket.user_id)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reopened, ticket.resolved_at) == ("OPEN", 1, None)

    move_ticket(ticket_id=ticket.pk, to=TicketState.CLOSED, by_id=None)
    before = spoken(ticket)
    with pytest.raises(TicketClosed):
        say(ticket_id=ticket.pk, voice=Voice.CUSTOMER, body="喂", client_id="c-2", author_id=ticket.user_id)
    with pytest.raises(StateConflict):
        move_ticket(ticket_id=ticket.pk, to=TicketState.OPEN, by_id=None)

    assert spoken(ticket) == before
    assert events_of(ticket) == ["opened", "moved", "moved", "customer_wrote", "moved"]


def test_a_move_that_was_made_is_not_made_again(db):
    ticket = opened()
    for _again in range(2):
        move_ticket(ticket_id=ticket.pk, to=TicketState.OPEN, by_id=None)

    assert events_of(ticket) == ["opened", "moved"]


def test_another_kind_goes_to_the_queue_that_takes_it(db):
    ticket, agent = opened(kind="QUESTION"), logged_in().user
    assert ticket.queue.code == "general"

    reclassify(ticket_id=ticket.pk, by_id=agent.pk, kind="ACCOUNT", priority=Priority.HIGH)

    ticket.refresh_from_db()
    assert (ticket.kind, ticket.queue.code, ticket.priority) == ("ACCOUNT", "safety", Priority.HIGH)
    assert events_of(ticket) == ["opened", "reclassified"]


def test_only_silence_closes_what_was_resolved(db):
    now = clock.now()
    silent, young, reopened = opened(), opened(), opened()
    for ticket, days in ((silent, 4), (young, 2), (reopened, 4)):
        move_ticket(ticket_id=ticket.pk, to=TicketState.RESOLVED, by_id=None)
        Ticket.objects.filter(pk=ticket.pk).update(resolved_at=now - timedelta(days=days))
    say(ticket_id=reopened.pk, voice=Voice.CUSTOMER, body="没好", client_id="c-1", author_id=None)

    assert close_silent_tickets(at=now, limit=10) == 1

    states = dict(Ticket.objects.values_list("pk", "state"))
    assert [states[ticket.pk] for ticket in (silent, young, reopened)] == ["CLOSED", "RESOLVED", "OPEN"]


def test_whoever_does_not_answer_is_reminded_once_then_it_is_resolved_until_they_write(db):
    now = clock.now()
    silent, talks = opened(), opened()
    for ticket in (silent, talks):
        say(ticket_id=ticket.pk, voice=Voice.AGENT, body="请补充订单号", client_id="a-1", author_id=None)

    def day(count):
        at = now + timedelta(days=count, minutes=1)
        with time_machine.travel(at):
            return remind_the_silent(at=at, limit=10), resolve_the_silent(at=at, limit=10)

    assert day(2) == (0, 0)
    say(ticket_id=talks.pk, voice=Voice.CUSTOMER, body="稍等", client_id="c-1", author_id=None)
    assert [day(3), day(4)] == [(1, 0), (0, 0)]
    assert [day(6), day(7), day(8)] == [(0, 0), (0, 1), (0, 0)]

    silent.refresh_from_db()
    assert (silent.state, Ticket.objects.get(pk=talks.pk).state) == ("RESOLVED", "OPEN")
    told = silent.messages.filter(voice=Voice.SYSTEM).order_by("pk")
    assert [message.body for message in told] == [
        "我们在等您的回复，以便继续处理。如果问题已经解决，可以关闭工单",
        "一直没有收到您的回复，工单先按已解决处理",
        "我们已给出处理结果。如仍有疑问，直接回复即可继续处理",
    ]
    assert events_of(silent) == ["opened", "moved", "replied", "customer_reminded", "moved"]
    say(ticket_id=silent.pk, voice=Voice.CUSTOMER, body="订单号是…", client_id="c-1", author_id=None)
    silent.refresh_from_db()
    assert (silent.state, silent.reopened) == ("OPEN", 1)


def test_each_answer_of_ours_has_its_own_time(db):
    at = clock.now() + timedelta(days=20)
    ticket = opened()
    say(ticket_id=ticket.pk, voice=Voice.AGENT, body="请补充", client_id="a-1", author_id=None)
    assert (remind_the_silent(at=at, limit=10), resolve_the_silent(at=at, limit=10)) == (1, 0)

    with time_machine.travel(at + timedelta(days=1)):
        say(ticket_id=ticket.pk, voice=Voice.AGENT, body="还需照片", client_id="a-2", author_id=None)

    later = at + timedelta(days=4, minutes=1)
    assert resolve_the_silent(at=later, limit=10) == 0
    assert remind_the_silent(at=later, limit=10) == 1


def test_tickets_are_found_by_chinese_words_of_all_that_was_said(db):
    ticket, other = opened(body="充值失败，微信支付扣了款", subject="充值"), opened(body="怎样签到")
    say(ticket_id=ticket.pk, voice=Voice.NOTE, body="银行卡被冻结", client_id="c-1", author_id=None)

    found = {
        text: set(find_tickets(text)) for text in ("扣款", "微信 充值", "冻结", "签到", "微信签到", "，")
    }

    assert found == {
        "扣款": set(),
        "微信 充值": {ticket},
        "冻结": {ticket},
        "签到": {other},
        "微信签到": set(),
        "，": set(),
    }


@pytest.mark.committed
def test_whoever_writes_ever_more_words_is_still_heard_and_found(db):
    ticket = opened(body="余额没有到账")
    for number in range(30):
        words = " ".join(f"{number:02}x{each:061}" for each in range(600))
        say(ticket_id=ticket.pk, voice=Voice.CUSTOMER, body=words, client_id=f"m{number}", author_id=None)

    assert ticket.messages.count() == 31
    assert list(find_tickets("余额")) == [ticket]


def test_a_stampede_opens_one_ticket_and_says_each_thing_once(committed_db, in_parallel):
    person = logged_in().user
    opening = {
        "user_id": person.pk,
        "kind": "REFUND",
        "channel": "MINI_PROGRAM",
        "subject": "退款",
        "body": "请退款",
        "source": f"app:{person.pk}:one",
    }
    tickets = in_parallel([lambda: open_ticket(**opening)] * 8)
    ticket = Ticket.objects.get(user=person)
    assert {opened.pk for opened in tickets} == {ticket.pk}

    saying = {"ticket_id": ticket.pk, "voice": Voice.CUSTOMER, "author_id": person.pk}
    in_parallel(
        [lambda n=n: say(**saying, body=f"第 {n % 4} 句", client_id=f"c-{n % 4}") for n in range(16)],
        threads=8,
    )

    assert TicketMessage.objects.filter(ticket=ticket).count() == 5
    assert events_of(ticket).count("customer_wrote") == 4


@pytest.mark.parametrize(
    ("kind", "language", "queue"),
    [
        ("REFUND", "zh-hans", "money"),
        ("QUESTION", "zh-hans", "general"),
        ("QUESTION", "en", "english"),
        ("REFUND", "en", "english-money"),
    ],
)
def test_a_queue_takes_its_kinds_in_its_language(db, kind, language, queue):
    Queue.objects.create(code="english", name="英文", language="en")
    Queue.objects.create(code="english-money", name="英文资金", language="en", kinds=["REFUND"])

    assert opened(kind=kind, language=language).queue.code == queue
