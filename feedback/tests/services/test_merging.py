"""Two tickets become one, one becomes two; what is said goes where it belongs."""

import pytest
from django.db import connection

from accounts.tests.factories import logged_in
from feedback.errors import CannotMerge, NothingSaid
from feedback.models import Ticket, TicketMessage
from feedback.rules.tickets import Priority, TicketState, Voice
from feedback.selectors.tickets import conversation_of, ticket_for, tickets_of, what_the_customer_reads
from feedback.services.merging import merge_ticket, split_ticket
from feedback.services.tickets import move_ticket, say
from feedback.tests.factories import opened
from wallet_project.kit import clock


@pytest.fixture
def agent(db):
    return logged_in().user


def read(ticket: Ticket) -> list[str]:
    return [message.body for message in what_the_customer_reads(ticket.pk)]


def test_a_merged_conversation_goes_on_in_the_other_ticket(agent):
    first = opened(body="退款没到", subject="退款")
    second = opened(user_id=first.user_id, body="怎么还没退", subject="催退款", priority=Priority.HIGH)

    merge_ticket(ticket_id=second.pk, into_id=first.pk, by_id=agent.pk)
    said = {"voice": Voice.CUSTOMER, "body": "在吗", "client_id": "c-00000001", "author_id": first.user_id}
    for _again in range(2):
        say(ticket_id=second.pk, **said)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("MERGED", first)
    assert first.priority == Priority.HIGH
    assert read(first) == ["退款没到", "怎么还没退", "工单“催退款”已与本工单合并处理", "在吗"]
    assert list(tickets_of(first.user_id)) == [first]
    assert ticket_for(first.user_id, second.number) == first


def test_what_was_merged_before_goes_along(agent):
    first, second, third = (opened(user_id=agent.pk, body=body) for body in ("一", "二", "三"))

    merge_ticket(ticket_id=third.pk, into_id=second.pk, by_id=agent.pk)
    merge_ticket(ticket_id=second.pk, into_id=first.pk, by_id=agent.pk)

    assert set(Ticket.objects.filter(merged_into=first)) == {second, third}
    assert [body for body in read(first) if len(body) == 1] == ["一", "二", "三"]
    assert ticket_for(agent.pk, third.number) == first


def test_one_conversation_is_read_without_all_the_others(agent):
    ticket, others = opened(), opened()
    TicketMessage.objects.bulk_create(
        TicketMessage(ticket=others, voice=Voice.NOTE, body="…", client_id=f"n{n}", at=clock.now())
        for n in range(5_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE feedback_ticketmessage, feedback_ticket")

    assert "Seq Scan on feedback_ticketmessage" not in conversation_of(ticket.pk).explain()


def test_a_writer_whom_nobody_knew_becomes_the_customer(agent):
    known, unknown = opened(), opened(user_id=None, channel="EMAIL", body="我是上次那位")
    Ticket.objects.filter(pk=known.pk).update(tier="gold")

    merge_ticket(ticket_id=known.pk, into_id=unknown.pk, by_id=agent.pk)

    unknown.refresh_from_db()
    assert (unknown.user_id, unknown.tier) == (known.user_id, "gold")


@pytest.mark.parametrize("obstacle", ["itself", "another customer", "resolved", "closed"])
def test_what_does_not_belong_together_is_not_merged(agent, obstacle):
    ticket = opened()
    into = {
        "itself": lambda: ticket,
        "another customer": opened,
    }.get(obstacle, lambda: opened(user_id=ticket.user_id))()
    if obstacle in ("resolved", "closed"):
        move_ticket(ticket_id=into.pk, to=TicketState(obstacle.upper()), by_id=agent.pk)
    before = list(TicketMessage.objects.order_by("pk").values_list("pk", flat=True))

    with pytest.raises(CannotMerge):
        merge_ticket(ticket_id=ticket.pk, into_id=into.pk, by_id=agent.pk)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.merged_into) == ("NEW", None)
    assert list(TicketMessage.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_what_is_about_something_else_becomes_a_ticket_of_its_own(agent):
    ticket = opened(body="退款没到", subject="退款")
    other = say(
        ticket_id=ticket.pk,
        voice=Voice.CUSTOMER,
        body="还有，怎么改手机号",
        client_id="c-00000001",
        author_id=ticket.user_id,
    )
    note = say(ticket_id=ticket.pk, voice=Voice.NOTE, body="两件事", client_id="c-2", author_id=agent.pk)
    wish = {"ticket_id": ticket.pk, "kind": "ACCOUNT", "subject": "改手机号", "by_id": agent.pk}

    own = split_ticket(message_ids=[other.pk, note.pk], **wish)
    again = split_ticket(message_ids=[other.pk], **wish)

    assert own == again
    assert (own.user_id, own.follows, own.kind, own.queue.code) == (
        ticket.user_id,
        ticket,
        "ACCOUNT",
        "safety",
    )
    assert read(own) == ["还有，怎么改手机号"]
    assert read(ticket)[-1] == "“改手机号”已另立工单处理"
    with pytest.raises(NothingSaid):
        split_ticket(message_ids=[note.pk], **wish)


def test_of_many_messages_no_chosen_one_stays_behind(agent):
    ticket = opened()
    said = [
        say(ticket_id=ticket.pk, voice=Voice.CUSTOMER, body=body, client_id=f"c-{body}", author_id=None)
        for body in "一二三四五六"
    ]
    wish = {"ticket_id": ticket.pk, "kind": "ACCOUNT", "subject": "改手机号", "by_id": agent.pk}
    *four, fifth, sixth = (each.pk for each in said)

    first = split_ticket(message_ids=[*four, fifth], **wish)
    second = split_ticket(message_ids=[*four, sixth], **wish)

    assert read(first)[0].endswith("五")
    assert read(second)[0].endswith("六")


@pytest.mark.committed
def test_merging_in_a_circle_at_once_merges_one_way(committed_db, in_parallel):
    agent = logged_in().user
    one, other = opened(user_id=agent.pk), opened(user_id=agent.pk)

    answers = in_parallel(
        [
            lambda: merge_ticket(ticket_id=one.pk, into_id=other.pk, by_id=agent.pk),
            lambda: merge_ticket(ticket_id=other.pk, into_id=one.pk, by_id=agent.pk),
        ]
    )

    states = Ticket.objects.filter(pk__in=[one.pk, other.pk]).values_list("state", flat=True)
    assert sorted(states) == ["MERGED", "NEW"]
    assert sum(isinstance(answer, CannotMerge) for answer in answers) == 1
