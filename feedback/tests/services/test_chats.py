"""A live chat from its first words to its end, and that nothing said in it is lost or doubled."""

from datetime import timedelta

import pytest

from accounts.tests.factories import logged_in
from feedback.errors import (
    ChatEnded,
    ChatNotYours,
    ColleagueAway,
    NobodyWaits,
    OwnMatter,
    TooManyChats,
    TooManyTickets,
)
from feedback.models import Agent, Chat, Ticket, TicketMessage
from feedback.rules.chats import CHATS_AN_HOUR, ChatEnd, ChatState
from feedback.rules.tickets import TicketState, Voice
from feedback.selectors.chats import position_of, update_for
from feedback.services.appeals import appeal_wallet
from feedback.services.chat_desk import (
    end_as_solved,
    end_chats,
    follow_ticket,
    hand_over,
    leave_to_ticket,
    reply,
    signal,
    take,
    take_next,
)
from feedback.services.chats import leave, look_in, note_signals, write
from feedback.services.customers import MOST_OPEN, ask_for_help
from feedback.services.presence import stop_taking
from feedback.services.routing import assign
from feedback.tests.chatting import agent, ask
from feedback.tests.factories import opened
from payments.tests.factories import paid_order
from wallet.services.freezes import freeze_wallet
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound


def said(chat):
    """Who said what, as the customer reads it."""
    return [(each.voice, each.body) for each in update_for(chat, after=0, at=clock.now()).messages]


def customers_words(chat):
    return [words for voice, words in said(chat) if voice == Voice.CUSTOMER]


@pytest.mark.django_db
class TestOpening:
    def test_while_nobody_is_there_it_goes_on_as_a_ticket_with_every_word(self):
        away = agent()
        stop_taking(user_id=away.pk)

        chat = ask(words="余额不对")

        assert (chat.state, chat.end) == (ChatState.ENDED, ChatEnd.NOBODY)
        assert (chat.ticket.state, chat.ticket.channel) == (TicketState.NEW, "CHAT")
        assert said(chat) == [
            ("CUSTOMER", "余额不对"),
            ("SYSTEM", "现在没有客服能马上接待您，您的问题已转为工单，我们会尽快答复。"),
        ]

    def test_it_is_about_ones_own_money_only_and_as_urgent_as_that(self):
        person = logged_in()
        order = paid_order(person.user)

        with pytest.raises(NotFound):
            ask(about=f"order:{order.number}")
        assert not Chat.objects.exists()

        assert ask(person, about=f"order:{order.number}").ticket.amount == order.amount

    def test_chats_and_tickets_need_room_together_and_an_appeal_needs_none(self):
        agent()
        person = logged_in()
        for _ in range(MOST_OPEN - 1):
            opened(user_id=person.user.pk)
        chat = ask(person)
        leave(user_id=person.user.pk, number=chat.number)

        with pytest.raises(TooManyTickets):
            ask(person, client_id="m-2")
        with pytest.raises(TooManyTickets):
            ask_for_help(
                user_id=person.user.pk, kind="OTHER", body="再问", client_id="t-1", language="zh-hans"
            )
        freeze_wallet(wallet_id=open_wallet(user_id=person.user.pk).pk, reason="公安协查")
        appeal_wallet(user_id=person.user.pk, text="不是我", language="zh-hans")

        assert ask(person).number == chat.number  # the same words again are the same chat
        assert Ticket.objects.filter(user=person.user).count() == MOST_OPEN + 1

    def test_a_line_forms_and_everybody_knows_their_place(self):
        agent()
        first, second = ask(), ask()
        urgent = ask()
        Ticket.objects.filter(pk=urgent.ticket_id).update(priority=0)
        urgent.ticket.refresh_from_db()

        assert [position_of(chat) for chat in (urgent, first, second)] == [1, 2, 3]

    def test_asked_again_it_is_the_same_chat_and_the_words_are_said_once(self):
        agent()
        person = logged_in()
        chat = ask(person, words="第一句", client_id="m-1")

        again = [ask(person, words="第一句", client_id="m-1") for _ in range(2)]
        further = [ask(person, words="第二句", client_id="m-2") for _ in range(2)]
        leave(user_id=person.user.pk, number=chat.number)
        late = ask(person, words="第二句", client_id="m-2")

        assert {each.pk for each in (*again, *further, late)} == {chat.pk}
        assert customers_words(chat) == ["第一句", "第二句"]

    def test_nobody_opens_more_than_they_need(self):
        person = logged_in()
        for number in range(CHATS_AN_HOUR):
            ask(person, client_id=f"m-{number}")

        with pytest.raises(TooManyChats):
            ask(person, client_id="one more")

        assert Chat.objects.filter(user=person.user).count() == CHATS_AN_HOUR
        assert Ticket.objects.filter(user=person.user).count() == CHATS_AN_HOUR


@pytest.mark.django_db
class TestTalking:
    def test_an_agent_takes_replies_and_solves(self):
        wang, person = agent(), logged_in()
        chat = ask(person)

        assert take_next(agent_id=wang.pk) == chat
        reply(agent_id=wang.pk, number=chat.number, client_id="a-1", body="马上为您查询")
        write(user_id=person.user.pk, number=chat.number, client_id="m-2", body="谢谢")
        end_as_solved(agent_id=wang.pk, number=chat.number)

        chat.refresh_from_db()
        assert (chat.state, chat.end, chat.agent_id) == (ChatState.ENDED, ChatEnd.SOLVED, wang.pk)
        assert (chat.ticket.state, chat.ticket.assignee_id) == (TicketState.RESOLVED, wang.pk)
        assert said(chat) == [
            ("CUSTOMER", "付了两次款"),
            ("SYSTEM", "客服已接入，正在为您服务。"),
            ("AGENT", "马上为您查询"),
            ("CUSTOMER", "谢谢"),
            ("SYSTEM", "本次会话已结束，感谢您的咨询。"),
        ]

    def test_what_is_not_solved_goes_on_in_the_ticket(self):
        wang, person = agent(), logged_in()
        chat = ask(person)
        take_next(agent_id=wang.pk)

        leave_to_ticket(agent_id=wang.pk, number=chat.number)

        chat.refresh_from_db()
        assert (chat.end, chat.ticket.state) == (ChatEnd.TICKET, TicketState.NEW)

    def test_after_the_end_a_repetition_is_answered_and_nothing_new_is_said(self):
        wang, person = agent(), logged_in()
        chat = ask(person)
        take_next(agent_id=wang.pk)
        known = {"user_id": person.user.pk, "number": chat.number}
        first = write(**known, client_id="m-2", body="还在吗")
        leave(**known)
        before = TicketMessage.objects.filter(ticket=chat.ticket_id).count()

        assert write(**known, client_id="m-2", body="还在吗") == first
        with pytest.raises(ChatEnded) as refused:
            write(**known, client_id="m-3", body="喂")
        with pytest.raises(ChatEnded):
            reply(agent_id=wang.pk, number=chat.number, client_id="a-1", body="您好")

        assert refused.value.detail == {"ticket_number": chat.ticket.number}
        assert TicketMessage.objects.filter(ticket=chat.ticket_id).count() == before

    def test_one_sides_name_for_a_message_is_not_the_others(self):
        wang, person = agent(), logged_in()
        chat = ask(person)
        take_next(agent_id=wang.pk)

        write(user_id=person.user.pk, number=chat.number, client_id="x", body="我的话")
        reply(agent_id=wang.pk, number=chat.number, client_id="x", body="客服的话")

        assert {"我的话", "客服的话"} <= {words for _voice, words in said(chat)}

    def test_only_whoever_has_the_customer_answers(self):
        wang, li = agent(), agent()
        chat = ask()
        take(agent_id=wang.pk, number=chat.number)
        before = said(chat)

        for act in (
            lambda: reply(agent_id=li.pk, number=chat.number, client_id="a-1", body="您好"),
            lambda: signal(agent_id=li.pk, number=chat.number, typing=True),
            lambda: take(agent_id=li.pk, number=chat.number),
            lambda: hand_over(agent_id=li.pk, number=chat.number, colleague_id=None),
            lambda: end_as_solved(agent_id=li.pk, number=chat.number),
            lambda: leave_to_ticket(agent_id=li.pk, number=chat.number),
        ):
            with pytest.raises(ChatNotYours):
                act()

        chat.refresh_from_db()
        assert (chat.state, chat.agent_id, said(chat)) == (ChatState.TALKING, wang.pk, before)

    def test_nobody_advises_themselves(self):
        person = logged_in()
        wang = agent(own=person.user)
        chat = ask(person)

        with pytest.raises(NobodyWaits):
            take_next(agent_id=wang.pk)
        with pytest.raises(OwnMatter):
            take(agent_id=wang.pk, number=chat.number)

        chat.refresh_from_db()
        assert (chat.state, chat.ticket.assignee_id) == (ChatState.WAITING, None)

    def test_marks_go_forward_only_and_never_beyond_what_was_said(self):
        wang, person = agent(), logged_in()
        chat = ask(person)
        take_next(agent_id=wang.pk)
        last = reply(agent_id=wang.pk, number=chat.number, client_id="a-1", body="您好")

        for read in (last.pk, last.pk - 1, last.pk + 1):
            chat.refresh_from_db()
            note_signals(chat, Voice.CUSTOMER, read_up_to=read, typing=True)

        chat.refresh_from_db()
        assert chat.customer_read == last.pk
        assert not update_for(chat, after=0, at=clock.now()).agent_typing
        signal(agent_id=wang.pk, number=chat.number, typing=True)
        assert update_for(chat, after=0, at=clock.now()).agent_typing


@pytest.mark.django_db
class TestHandingOver:
    def test_a_colleague_who_is_there_goes_on(self):
        wang, li = agent(), agent()
        chat = ask()
        take_next(agent_id=wang.pk)

        hand_over(agent_id=wang.pk, number=chat.number, colleague_id=li.pk)

        chat.refresh_from_db()
        assert (chat.agent_id, chat.ticket.assignee_id) == (li.pk, li.pk)

    def test_a_colleague_who_is_away_gets_nobody(self):
        wang, li = agent(), agent()
        stop_taking(user_id=li.pk)
        chat = ask()
        take_next(agent_id=wang.pk)

        with pytest.raises(ColleagueAway):
            hand_over(agent_id=wang.pk, number=chat.number, colleague_id=li.pk)

        chat.refresh_from_db()
        assert (chat.agent_id, chat.ticket.assignee_id) == (wang.pk, wang.pk)

    def test_given_back_to_the_line_one_is_before_whoever_came_later(self):
        wang = agent()
        first, second = ask(), ask()
        take_next(agent_id=wang.pk)

        hand_over(agent_id=wang.pk, number=first.number, colleague_id=None)

        first.refresh_from_db()
        assert (first.state, first.ticket.assignee_id) == (ChatState.WAITING, None)
        assert [position_of(chat) for chat in (first, second)] == [1, 2]
        assert said(first)[-1] == ("SYSTEM", "正在为您转接另一位客服，请稍候。")

    def test_however_the_ticket_is_given_the_chat_follows_it(self):
        wang, li = agent(), agent()
        chat = ask()

        for who in (wang.pk, li.pk, None):
            assign(ticket_id=chat.ticket_id, assignee_id=who, by_id=wang.pk)
            follow_ticket(ticket_id=chat.ticket_id)
            follow_ticket(ticket_id=chat.ticket_id)
            chat.refresh_from_db()
            assert chat.agent_id == who

        assert len([words for voice, words in said(chat) if voice == "SYSTEM"]) == 3


@pytest.mark.django_db
class TestTheClock:
    def test_whose_agent_is_gone_is_in_line_again(self):
        wang, li = agent(), agent()
        chat = ask()
        take(agent_id=wang.pk, number=chat.number)
        Agent.objects.filter(user=wang).update(seen_at=clock.now() - timedelta(minutes=6))

        assert end_chats(at=clock.now()) == 1

        chat.refresh_from_db()
        assert (chat.state, chat.ticket.assignee_id) == (ChatState.WAITING, None)
        assert take_next(agent_id=li.pk) == chat

    def test_whoever_is_gone_is_let_go_and_whoever_looks_stays(self):
        agent()
        stays, goes = logged_in(), logged_in()
        kept, left = ask(stays), ask(goes)
        later = clock.now() - timedelta(minutes=6)
        Chat.objects.filter(pk__in=[kept.pk, left.pk]).update(customer_seen_at=later)
        look_in(user_id=stays.user.pk, number=kept.number)

        assert end_chats(at=clock.now()) == 1

        kept.refresh_from_db()
        left.refresh_from_db()
        assert (kept.state, left.end) == (ChatState.WAITING, ChatEnd.LEFT)
        assert left.ticket.state == TicketState.NEW


@pytest.mark.committed
@pytest.mark.usefixtures("empty_line")
class TestManyAtOnce:
    def test_two_agents_at_once_take_two_customers(self, in_parallel):
        agents = [agent() for _ in range(2)]
        chats = [ask() for _ in range(2)]

        taken = in_parallel([lambda who=each.pk: take_next(agent_id=who) for each in agents])

        assert {chat.pk for chat in taken} == {chat.pk for chat in chats}

    def test_fifty_chats_at_once_lose_nothing_and_double_nothing(self, in_parallel):
        """Each customer sends every message twice while looking, as on a bad line, and is answered."""
        wang = agent()
        people = [logged_in() for _ in range(50)]
        chats = [ask(person, words="0") for person in people]
        for chat in chats:
            take(agent_id=wang.pk, number=chat.number)

        def talk(person, chat):
            heard, after = [], 0
            for number in range(1, 3):
                for _again in range(2):
                    write(
                        user_id=person.user.pk,
                        number=chat.number,
                        client_id=f"m-{number}",
                        body=str(number),
                    )
                update = update_for(chat, after=after, at=clock.now())
                heard, after = [*heard, *update.messages], update.cursor
            return chat, heard, after

        def answer(chat):
            for number in range(1, 3):
                reply(agent_id=wang.pk, number=chat.number, client_id=f"a-{number}", body=f"答{number}")

        talks = [lambda pair=pair: talk(*pair) for pair in zip(people, chats, strict=True)]
        answers = [lambda chat=chat: answer(chat) for chat in chats]
        done = in_parallel([call for pair in zip(talks, answers, strict=True) for call in pair], threads=24)

        for chat, heard, after in done[::2]:
            heard += update_for(chat, after=after, at=clock.now()).messages
            words = {voice: [each.body for each in heard if each.voice == voice] for voice in Voice}
            assert words["CUSTOMER"] == [str(number) for number in range(3)]
            assert words["AGENT"] == [f"答{number}" for number in range(1, 3)]
            assert len({each.pk for each in heard}) == len(heard)
        assert done[1::2] == [None] * 50
