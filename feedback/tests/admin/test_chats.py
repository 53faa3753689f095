"""The agent's chat page: what its script asks for, and who may."""

import json

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import logged_in
from feedback.models import Agent, Chat
from feedback.rules.chats import ChatState
from feedback.services.chats import write
from feedback.services.presence import start_taking
from feedback.tests.chatting import agent, ask

pytestmark = pytest.mark.usefixtures("db_again")


@pytest.fixture
def desk(log_in):
    """Li sits at the chat page and takes customers."""
    browser = log_in("客服")
    li = User.objects.get(username="li")
    Agent.objects.create(user=li)
    start_taking(user_id=li.pk)
    return browser


def act(desk, name, **wish):
    return desk.post(reverse("chat_act", args=[name]), json.dumps(wish), "application/json")


def seen(desk, number="", after=0):
    answer = desk.get(reverse("chat_look"), {"number": number, "after": after})
    assert answer.status_code == 200
    return answer.json()


def test_a_whole_talk_at_the_page(desk):
    person, colleague = logged_in(), agent()
    chat, other = ask(person, words="<b>付了</b>两次款"), ask()

    page = desk.get(reverse("chats"))
    before = seen(desk)
    taken = act(desk, "next").json()["number"]
    said = [act(desk, "say", number=taken, client_id="a-1", body="您好").json() for _ in range(2)]
    write(user_id=person.user.pk, number=taken, client_id="m-2", body="在的")
    talking = seen(desk, taken)
    act(desk, "signal", number=taken, read_up_to=talking["open"]["cursor"])
    read = seen(desk, taken, talking["open"]["cursor"])
    act(desk, "hand-over", number=taken, colleague=colleague.pk)
    given = seen(desk, taken, talking["open"]["cursor"])
    act(desk, "take", number=other.number)
    act(desk, "solve", number=other.number)
    act(desk, "seat", takes_new=False)

    assert "在线客服" in page.content.decode()
    assert [each["number"] for each in before["line"]] == [chat.number, other.number]
    assert taken == chat.number
    assert said[0] == said[1]
    assert [each["body"] for each in talking["open"]["messages"]] == [
        "<b>付了</b>两次款",
        "客服已接入，正在为您服务。",
        "您好",
        "在的",
    ]
    assert (talking["mine"][0]["unread"], read["mine"][0]["unread"]) == (2, 0)
    assert (read["open"]["messages"], read["open"]["is_mine"]) == ([], True)
    assert (given["mine"], given["open"]["is_mine"]) == ([], False)
    assert Chat.objects.get(pk=other.pk).end == "SOLVED"
    assert seen(desk)["takes_new"] is False


def test_what_is_refused_moves_nothing_and_says_why(desk):
    colleague, chat = agent(), ask()
    act(desk, "take", number=chat.number)
    Chat.objects.filter(pk=chat.pk).update(agent=colleague)
    before = Chat.objects.filter(pk=chat.pk).values().get(), chat.ticket.messages.count()

    refused = {
        "CHAT_NOT_YOURS": act(desk, "say", number=chat.number, client_id="a-1", body="您好"),
        "INVALID_INPUT": act(desk, "say", number=chat.number, client_id="a-1", body="您好", voice="SYSTEM"),
        "NOT_FOUND": act(desk, "take", number="I1"),
        "CHAT_LINE_EMPTY": act(desk, "next"),
    }

    assert {code: answer.json()["code"] for code, answer in refused.items()} == {
        code: code for code in refused
    }
    assert act(desk, "pay", number=chat.number).status_code == 404
    assert (Chat.objects.filter(pk=chat.pk).values().get(), chat.ticket.messages.count()) == before


@pytest.mark.parametrize("role", ["财务", "审计"])
def test_only_whoever_answers_customers_sees_the_page(log_in, role):
    agent()
    chat, other = ask(), log_in(role, name="wu")

    answers = [
        other.get(reverse("chats")),
        other.get(reverse("chat_look"), {"number": chat.number}),
        act(other, "take", number=chat.number),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert Chat.objects.get(pk=chat.pk).state == ChatState.WAITING
