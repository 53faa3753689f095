"""The same over WebSockets: who is let in, that nothing is lost between them, and that Valkey may be away."""

import asyncio
from contextlib import suppress

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import Permission

from accounts.models import StaffProfile
from accounts.services.sessions import log_out
from accounts.tests.factories import logged_in
from feedback.api import chat_sockets
from feedback.models import TicketMessage
from feedback.services import chat_nudges
from feedback.services.chat_desk import reply, take
from feedback.services.chats import write
from feedback.tests.chatting import Socket, agent, ask, at_the_chat
from wallet_project.kit.testing.browser import Browser

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("empty_line")]


async def bodies(socket, *, until):
    """What was said, as it comes, until somebody has said this."""
    heard = []
    while until not in heard:
        frame = await socket.hear()
        heard += [each["body"] for each in frame.get("messages", [])]
    return heard


def test_both_sides_talk_and_a_nudge_is_enough(monkeypatch):
    monkeypatch.setattr(chat_sockets, "LOOK_SECONDS", 3600)
    monkeypatch.setattr(chat_sockets, "HELLO_SECONDS", 3600)
    wang, person = agent(), logged_in()
    chat = ask(person)

    async def talk():
        phone = await at_the_chat(person, chat)
        first = await phone.hear()
        await sync_to_async(take)(agent_id=wang.pk, number=chat.number)
        await sync_to_async(reply)(agent_id=wang.pk, number=chat.number, client_id="a-1", body="您好")
        heard = await bodies(phone, until="您好")
        await phone.send(type="say", client_id="m-2", body="在的")
        said = await phone.hear()
        await phone.send(type="say", client_id="m-2", body="在的")
        again = await phone.hear()
        while again["type"] != "said":
            again = await phone.hear()
        await phone.send(type="end")
        last = await phone.hear()
        while "closed" not in last:
            state, last = last, await phone.hear()
        await phone.leave()
        return first, heard, said, again, state, last

    first, heard, said, again, state, last = async_to_sync(talk)()

    assert (first["chat"]["state"], first["messages"][0]["body"]) == ("WAITING", "付了两次款")
    assert heard == ["客服已接入，正在为您服务。", "您好"]
    assert (said["type"], said["message"]["client_id"], said["message"]["voice"]) == (
        "said",
        "m-2",
        "CUSTOMER",
    )
    assert again == said
    assert state["chat"]["state"] == "ENDED"
    assert last == {"closed": 1000}
    assert TicketMessage.objects.filter(ticket=chat.ticket_id, body="在的").count() == 1


def test_nobody_is_let_in_who_may_not_see_the_chat():
    agent()
    person, stranger, gone = logged_in(), logged_in(), logged_in()
    chat, own = ask(person), ask(gone)
    log_out(session_id=gone.session.pk)
    hello = {"type": "hello", "number": chat.number}
    known = {**hello, "token": stranger.tokens.access_token}
    frames = [
        {**hello, "token": "nobody.knows"},
        known,
        {**hello, "number": own.number, "token": gone.tokens.access_token},
        {**known, "after": -1},
        {**known, "user_id": person.user.pk},
        {"type": "say", "client_id": "m-1", "body": "我先说"},
        ["hello"],
    ]

    async def knock(frame):
        socket = Socket("/chats")
        await socket.knock()
        await (socket.send(**frame) if isinstance(frame, dict) else socket.send_text("{"))
        answers = await socket.hear(), await socket.hear()
        await socket.leave()
        return answers

    answers = [async_to_sync(knock)(frame) for frame in frames]

    assert [refused["code"] for refused, _closed in answers] == [
        "TOKEN_INVALID",
        "NOT_FOUND",
        "TOKEN_INVALID",
        *["INVALID_INPUT"] * 3,
        "MALFORMED_BODY",
    ]
    assert {closed["closed"] for _refused, closed in answers} == {chat_sockets.REFUSED}


def test_what_is_no_message_is_refused_and_the_talk_goes_on(monkeypatch):
    monkeypatch.setattr(chat_sockets, "LOOK_SECONDS", 3600)
    agent()
    person = logged_in()
    chat = ask(person)

    async def talk():
        phone = await at_the_chat(person, chat)
        await phone.hear()
        refused = []
        for frame in (
            '{"type": "say", "client_id": "m-2", "body": "\\u202e"}',
            '{"type": "say", "client_id": "m-2", "body": "x", "voice": "AGENT"}',
            '{"type": "pay"}',
            "[]",
            '{"type": "say", "type": "say"}',
            '"' + "x" * 70_000 + '"',
        ):
            await phone.send_text(frame)
            refused.append((await phone.hear())["code"])
        await phone.send(type="say", client_id="m-2", body="在的")
        heard = await bodies(phone, until="在的")
        await phone.leave()
        return refused, heard

    refused, heard = async_to_sync(talk)()

    assert refused == ["NOTHING_SAID", *["INVALID_INPUT"] * 3, "MALFORMED_BODY", "BODY_TOO_LARGE"]
    assert heard == ["在的"]


def test_whose_session_ends_is_shown_out(monkeypatch):
    monkeypatch.setattr(chat_sockets, "HELLO_SECONDS", 0.2)
    monkeypatch.setattr(chat_sockets, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(chat_sockets, "LOOKS_PER_QUESTION", 1)
    agent()
    person = logged_in()
    chat = ask(person)

    async def talk():
        phone = await at_the_chat(person, chat)
        await phone.hear()
        await sync_to_async(lambda: log_out(session_id=person.session.pk))()
        told = [await phone.hear(), await phone.hear()]
        await phone.leave()
        return told

    assert [told.get("code", told.get("closed")) for told in async_to_sync(talk)()] == [
        "TOKEN_INVALID",
        chat_sockets.REFUSED,
    ]


def test_fifty_sockets_that_break_and_come_back_hear_everything_once(monkeypatch):
    """Half way each socket breaks while the agent goes on; the next one goes on from the same cursor."""
    monkeypatch.setattr(chat_sockets, "LOOK_SECONDS", 2)
    wang = agent()
    people = [logged_in() for _ in range(50)]
    chats = [ask(person) for person in people]
    for chat in chats:
        take(agent_id=wang.pk, number=chat.number)

    def answer(number):
        for chat in chats:
            reply(agent_id=wang.pk, number=chat.number, client_id=f"a-{number}", body=f"答{number}")

    async def listen(person, chat, *, after, until):
        phone = await at_the_chat(person, chat, after=after)
        heard = []
        while not heard or heard[-1]["body"] != until:
            frame = await phone.hear()
            heard += frame["messages"]
            after = frame["cursor"]
        await phone.leave()
        return heard, after

    async def scene():
        answering = asyncio.create_task(sync_to_async(answer, thread_sensitive=False)(1))
        first = await asyncio.gather(
            *(listen(person, chat, after=0, until="答1") for person, chat in zip(people, chats, strict=True))
        )
        await answering
        await sync_to_async(answer)(2)  # while nobody listens
        second = await asyncio.gather(
            *(
                listen(person, chat, after=after, until="答2")
                for person, chat, (_heard, after) in zip(people, chats, first, strict=True)
            )
        )
        return [[*before, *later] for (before, _), (later, _) in zip(first, second, strict=True)]

    for heard in async_to_sync(scene)():
        assert [each["body"] for each in heard if each["voice"] != "SYSTEM"] == ["付了两次款", "答1", "答2"]
        assert len({each["id"] for each in heard}) == len(heard)


def test_while_nudges_are_lost_a_socket_looks_by_itself(monkeypatch):
    monkeypatch.setattr(chat_nudges, "_nudge_now", lambda _number: None)
    monkeypatch.setattr(chat_sockets, "HELLO_SECONDS", 0.2)
    monkeypatch.setattr(chat_sockets, "LOOK_SECONDS", 0.2)
    agent()
    person = logged_in()
    chat = ask(person)

    async def talk():
        phone = await at_the_chat(person, chat)
        await phone.hear()
        words = {"client_id": "m-2", "body": "另一台手机"}
        await sync_to_async(write)(user_id=person.user.pk, number=chat.number, **words)
        heard = await bodies(phone, until="另一台手机")
        await phone.leave()
        return heard

    assert async_to_sync(talk)() == ["另一台手机"]


def test_a_customer_has_so_many_sockets_and_no_more(monkeypatch):
    agent()
    person = logged_in()
    chat = ask(person)

    async def crowd():
        phones = [await at_the_chat(person, chat) for _ in range(chat_sockets.SOCKETS_EACH)]
        for phone in phones:
            await phone.hear()
        one_more = await at_the_chat(person, chat)
        refused = await one_more.hear()
        await phones[0].leave()
        with suppress(asyncio.CancelledError):
            await one_more.leave()
        another = await at_the_chat(person, chat)
        let_in = await another.hear()
        for phone in [*phones[1:], another]:
            await phone.leave()
        return refused, let_in

    refused, let_in = async_to_sync(crowd)()

    assert refused == {"closed": chat_sockets.FULL}
    assert let_in["type"] == "update"


def test_staff_hear_where_something_happened_and_only_with_a_whole_login():
    wang = agent()
    StaffProfile.objects.filter(user=wang).update(must_change_password=False)
    wang.user_permissions.add(Permission.objects.get(codename="change_ticket"))
    chat = ask()
    whole, half, nobody = Browser(), Browser(), Browser()
    whole.force_login(wang)
    half.log_in_by_password(wang)

    def headers(browser, origin="http://127.0.0.1:8000"):
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
        return {"cookie": cookies, "origin": origin}

    async def knock(browser, **known):
        page = Socket("/admin/feedback/chats", **headers(browser, **known))
        answer = await page.knock()
        if answer == "websocket.accept":
            await sync_to_async(take)(agent_id=wang.pk, number=chat.number)
            told = await page.hear()
            await page.leave()
            return told
        return answer

    assert async_to_sync(knock)(half) == "websocket.close"
    assert async_to_sync(knock)(nobody) == "websocket.close"
    assert async_to_sync(knock)(whole, origin="http://evil.example.com") == "websocket.close"
    assert async_to_sync(knock)(whole) == {"number": chat.number}
    wang.user_permissions.clear()
    assert async_to_sync(knock)(whole) == "websocket.close"
