"""A chat over HTTP alone: what a mini-program does every three seconds."""

import pytest

from accounts.tests.factories import logged_in
from feedback.models import Chat, TicketMessage
from feedback.services.chat_desk import reply, take_next
from feedback.tests.chatting import agent, ask

pytestmark = pytest.mark.django_db


def traces(chat):
    return Chat.objects.filter(pk=chat.pk).values().get(), chat.ticket.messages.count()


def test_polling_alone_carries_a_whole_talk(client):
    wang, me = agent(), logged_in().as_header()

    opened = client.post(
        "/api/v1/chats", {"client_id": "m-1", "body": "付了两次款"}, "application/json", headers=me
    )
    chat = f"/api/v1/chats/{opened.json()['number']}"
    waiting = client.get(f"{chat}/messages", headers=me).json()
    take_next(agent_id=wang.pk)
    reply(agent_id=wang.pk, number=opened.json()["number"], client_id="a-1", body="马上查询")
    news = client.get(f"{chat}/messages?after={waiting['cursor']}", headers=me).json()
    words = {"client_id": "m-2", "body": "好的\n谢谢"}
    sent = [client.post(f"{chat}/messages", words, "application/json", headers=me) for _ in range(2)]
    read = client.post(f"{chat}/signals", {"read_up_to": news["cursor"]}, "application/json", headers=me)
    ended = client.post(f"{chat}/end", {}, "application/json", headers=me).json()
    late = client.post(f"{chat}/messages", {**words, "client_id": "m-3"}, "application/json", headers=me)

    assert opened.status_code == 201
    assert opened.json()["socket_url"] is None
    assert (waiting["position"], waiting["agents_here"]) == (1, True)
    assert [(each["client_id"], each["body"]) for each in waiting["messages"]] == [(None, "付了两次款")]
    assert (news["chat"]["state"], news["position"]) == ("TALKING", None)
    assert [each["body"] for each in news["messages"]] == ["客服已接入，正在为您服务。", "马上查询"]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    assert (sent[0].json()["client_id"], sent[0].json()["body"]) == ("m-2", "好的\n谢谢")
    assert read.status_code == 204
    assert (ended["state"], ended["end"], ended["ticket_number"][0]) == ("ENDED", "CUSTOMER", "N")
    assert (late.status_code, late.json()["code"]) == (409, "CHAT_ENDED")


def test_a_chat_is_there_for_nobody_else(client):
    agent()
    chat, stranger = ask(), logged_in().as_header()
    here = f"/api/v1/chats/{chat.number}"
    before = traces(chat)

    answers = [
        client.get(f"{here}/messages", headers=stranger),
        client.post(
            f"{here}/messages", {"client_id": "m-9", "body": "我也在"}, "application/json", headers=stranger
        ),
        client.post(f"{here}/signals", {"typing": True}, "application/json", headers=stranger),
        client.post(f"{here}/end", {}, "application/json", headers=stranger),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "NOT_FOUND")] * 4
    assert client.get("/api/v1/chats", headers=stranger).json()["items"] == []
    assert traces(chat) == before


@pytest.mark.parametrize(
    "words",
    [
        {"client_id": "m-2", "body": ""},
        {"client_id": "m-2", "body": "字" * 1001},
        {"client_id": "", "body": "您好"},
        {"client_id": "m-2", "body": "您好", "voice": "AGENT"},
        {"client_id": "m-2", "body": ["您好"]},
        {"client_id": "m-2", "body": "\u202e\u200b"},
    ],
)
def test_what_is_no_message_is_refused_and_nothing_is_said(client, words):
    agent()
    person = logged_in()
    chat = ask(person)
    said = TicketMessage.objects.count()

    answer = client.post(
        f"/api/v1/chats/{chat.number}/messages", words, "application/json", headers=person.as_header()
    )

    assert answer.status_code == 400
    assert TicketMessage.objects.count() == said


def test_a_look_costs_few_queries_however_much_was_said(client, django_assert_num_queries):
    wang, person = agent(), logged_in()
    chat = ask(person)
    take_next(agent_id=wang.pk)
    for number in range(30):
        reply(agent_id=wang.pk, number=chat.number, client_id=f"a-{number}", body=str(number))
    client.get(f"/api/v1/chats/{chat.number}/messages", headers=person.as_header())  # knows the token now

    with django_assert_num_queries(2):  # the chat with its ticket, what was said
        answer = client.get(f"/api/v1/chats/{chat.number}/messages", headers=person.as_header())

    assert len(answer.json()["messages"]) == 32
