"""Whoever leaves, whoever was two accounts, and what has had its time."""

from datetime import timedelta

from django.db import transaction

from accounts.events import AccountClosed, AccountsMerged
from accounts.selectors.closures import blockers_of
from accounts.tests.factories import logged_in
from feedback.models import Ticket, TicketContact, TicketMessage
from feedback.rules.tickets import TicketChannel, TicketState, Voice
from feedback.selectors.outdated import outdated_tickets
from feedback.selectors.personal_data import personal_data
from feedback.selectors.tickets import tickets_of
from feedback.services.merging import merge_ticket
from feedback.services.side_channels import write_down
from feedback.services.tickets import move_ticket, say
from feedback.tests.factories import opened
from wallet_project.kit import clock
from wallet_project.kit.events import publish


def told(event) -> None:
    with transaction.atomic():
        publish(event)


def test_an_open_ticket_keeps_nobody_and_is_closed_with_the_account(db, outbox):
    ticket, others = opened(), opened()
    [blocker] = [each for each in blockers_of(ticket.user_id) if each.code == "TICKETS_OPEN"]
    assert (blocker.kind, blocker.amount) == ("GIVE_UP", 0)

    for _again in range(2):
        told(AccountClosed(user_id=ticket.user_id))
        outbox.deliver()

    states = dict(Ticket.objects.values_list("pk", "state"))
    assert (states[ticket.pk], states[others.pk]) == ("CLOSED", "NEW")
    assert ticket.messages.filter(voice=Voice.SYSTEM).count() == 1


def test_a_person_of_two_accounts_reads_the_tickets_of_both(db, outbox):
    one, other = logged_in().user, logged_in().user
    ticket = opened(user_id=other.pk)

    told(AccountsMerged(user_id=one.pk, closed_user_id=other.pk))
    outbox.deliver()

    assert list(tickets_of(one.pk)) == [ticket]
    assert not tickets_of(other.pk).exists()


def test_an_export_tells_what_was_said_without_our_notes(db):
    ticket = opened(body="退款没到")
    say(ticket_id=ticket.pk, voice=Voice.NOTE, body="常来吵", client_id="n-1", author_id=None)
    opened(body="别人的")

    told_rows = {title: list(rows) for title, rows in personal_data(ticket.user_id)}

    assert [row["内容"] for row in told_rows["工单留言"]] == ["退款没到"]
    assert [row["工单号"] for row in told_rows["工单"]] == [ticket.number]


def test_a_ticket_goes_with_all_that_belongs_to_it_and_not_before_what_follows_it(db):
    agent, long_ago = logged_in().user, clock.now() - timedelta(days=1_200)
    first = write_down(
        agent_id=agent.pk,
        channel=TicketChannel.EMAIL,
        contact="li@example.com",
        kind="OTHER",
        subject="",
        body="很久以前",
        key="1",
    )
    merged, follower = opened(user_id=None), opened(user_id=None, follows_id=first.pk)
    merge_ticket(ticket_id=merged.pk, into_id=first.pk, by_id=agent.pk)
    move_ticket(ticket_id=first.pk, to=TicketState.CLOSED, by_id=None)
    Ticket.objects.filter(pk__in=[first.pk, merged.pk]).update(closed_at=long_ago)

    def clear() -> set[int]:
        due = outdated_tickets(before=clock.now() - timedelta(days=1_095))
        gone = set(due.values_list("pk", flat=True))
        Ticket.objects.filter(pk__in=gone).delete()
        return gone

    assert [clear(), clear()] == [{merged.pk}, set()]
    move_ticket(ticket_id=follower.pk, to=TicketState.CLOSED, by_id=None)
    Ticket.objects.filter(pk=follower.pk).update(closed_at=long_ago)
    assert [clear(), clear()] == [{follower.pk}, {first.pk}]
    assert not TicketMessage.objects.filter(ticket__in=[first.pk, merged.pk, follower.pk]).exists()
    assert not TicketContact.objects.filter(pk=first.pk).exists()
