"""A customer asks for help in the mini-program, and follows what becomes of it."""

import pytest
from django.test import Client

from accounts.tests.factories import logged_in
from feedback.models import Ticket, TicketMessage
from feedback.rules.tickets import TicketState, Voice
from feedback.services.attachments import keep_picture
from feedback.services.customers import MOST_OPEN
from feedback.services.tickets import move_ticket, say
from feedback.tests.factories import opened
from feedback.tests.pictures import picture
from payments.tests.factories import paid_order

TICKETS = "/api/v1/tickets"


@pytest.fixture
def person(db):
    return logged_in()


def post(person, path: str, **body):
    return Client(headers=person.as_header()).post(path, body, content_type="application/json")


def get(person, path: str):
    return Client(headers=person.as_header()).get(path)


def test_from_the_first_word_to_the_follow_up(person, django_assert_num_queries):
    order = paid_order(payer=person.user)
    sent = keep_picture(owner_id=person.user.pk, content=picture())
    wish = {
        "kind": "REFUND",
        "body": "少了一杯\n请退款",
        "about": f"order:{order.number}",
        "client_id": "first-words",
        "attachments": [sent.token],
    }
    answers = [post(person, TICKETS, **wish) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    number = answers[0].json()["number"]
    ticket = Ticket.objects.get(user=person.user)
    assert (ticket.number, ticket.subject, ticket.amount) == (number, "少了一杯", order.amount)

    path = f"{TICKETS}/{number}"
    say(ticket_id=ticket.pk, voice=Voice.AGENT, body="已退", client_id="agent-1", author_id=None)
    say(ticket_id=ticket.pk, voice=Voice.NOTE, body="常客", client_id="agent-2", author_id=None)
    assert get(person, path).json()["state"] == "WAITING"
    assert post(person, f"{path}/messages", body="谢谢", client_id="second-words").status_code == 201
    with django_assert_num_queries(3):  # ticket, messages, pictures; the holder is remembered
        said = get(person, f"{path}/messages").json()["items"]
    assert [(line["voice"], line["body"], len(line["attachments"])) for line in reversed(said)] == [
        ("CUSTOMER", "少了一杯\n请退款", 1),
        ("AGENT", "已退", 0),
        ("CUSTOMER", "谢谢", 0),
        ("SYSTEM", "客服正在处理您的问题", 0),
    ]

    for _again in range(2):
        assert post(person, f"{path}/close").json()["state"] == "CLOSED"
    refused = post(person, f"{path}/messages", body="又少了", client_id="third-words")
    assert (refused.status_code, refused.json()["code"]) == (409, "TICKET_CLOSED")
    followed = post(
        person, TICKETS, kind="REFUND", body="又少了一杯", client_id="fourth-words", follows=number
    )
    assert followed.json()["follows"] == number
    assert [item["number"] for item in get(person, TICKETS).json()["items"]] == [
        followed.json()["number"],
        number,
    ]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"body": "\u200b\n"}, "NOTHING_SAID"),
        ({"kind": "APPEAL"}, "INVALID_INPUT"),
        ({"client_id": "short"}, "INVALID_INPUT"),
        ({"body": "长" * 2_001}, "INVALID_INPUT"),
        ({"system_badge": True}, "INVALID_INPUT"),
        ({"about": "order:O2611212015301237Q4K0M2Z9XWDF"}, "NOT_FOUND"),
        ({"follows": "N2611212015301237Q4K0M2Z9XWDF"}, "NOT_FOUND"),
        ({"attachments": ["0" * 32]}, "PICTURE_UNKNOWN"),
    ],
)
def test_what_cannot_be_asked_opens_nothing(person, wish, code):
    answer = post(person, TICKETS, **{"kind": "OTHER", "body": "喂", "client_id": "client-id-1", **wish})

    assert answer.json()["code"] == code
    assert not Ticket.objects.filter(user=person.user).exists()


def test_somebody_elses_ticket_is_not_there(person):
    theirs = opened()
    before = TicketMessage.objects.count()

    answers = [
        get(person, f"{TICKETS}/{theirs.number}"),
        get(person, f"{TICKETS}/{theirs.number}/messages"),
        post(person, f"{TICKETS}/{theirs.number}/messages", body="喂", client_id="client-id-1"),
        post(person, f"{TICKETS}/{theirs.number}/close"),
        post(person, TICKETS, kind="OTHER", body="喂", client_id="client-id-2", follows=theirs.number),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert TicketMessage.objects.count() == before
    theirs.refresh_from_db()
    assert theirs.state == "NEW"


def test_nobody_floods_the_desk(person):
    tickets = [opened(user_id=person.user.pk) for _each in range(MOST_OPEN)]

    refused = post(person, TICKETS, kind="OTHER", body="再来", client_id="client-id-1")
    assert (refused.status_code, refused.json()["code"]) == (429, "TOO_MANY_TICKETS")

    move_ticket(ticket_id=tickets[0].pk, to=TicketState.CLOSED, by_id=None)
    assert post(person, TICKETS, kind="OTHER", body="再来", client_id="client-id-1").status_code == 201
