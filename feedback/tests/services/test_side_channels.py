"""Who called or wrote elsewhere; what it was about, and why."""

import pytest

from accounts.errors import RevealsUsedUp
from accounts.models import Reveal
from accounts.tests.factories import logged_in
from feedback.errors import CustomerKnown, CustomerUnknown
from feedback.models import RootCause, Tag, Ticket, TicketContact
from feedback.rules.tickets import TicketChannel
from feedback.services.labels import name_cause, tag_ticket
from feedback.services.side_channels import identify, read_contact, write_down
from feedback.services.subjects import link_ticket
from feedback.tests.factories import opened
from payments.tests.factories import paid_order
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound

PHONE = "13900001234"


@pytest.fixture
def agent(db):
    return logged_in().user


def written_down(agent, **facts) -> Ticket:
    call = {
        "channel": TicketChannel.PHONE,
        "contact": PHONE,
        "kind": "ACCOUNT",
        "subject": "来电",
        "body": "忘记支付密码",
        "key": "form-1",
    }
    return write_down(agent_id=agent.pk, **{**call, **facts})


def test_whoever_calls_from_a_customers_number_is_that_customer(agent):
    caller = logged_in().user
    caller.set_phone(PHONE, at=clock.now())
    caller.save()

    ticket, again = written_down(agent, contact="+86 139-0000-1234"), written_down(agent)

    assert ticket == again
    assert (ticket.user_id, ticket.channel, ticket.messages.get().author) == (caller.pk, "PHONE", agent)


def test_of_others_only_their_contact_is_known_and_it_is_sealed(agent):
    ticket = written_down(agent, channel=TicketChannel.EMAIL, contact="li@example.com")

    assert ticket.user is None
    assert b"example" not in bytes(TicketContact.objects.get(ticket=ticket).contact_sealed)
    assert read_contact(ticket_id=ticket.pk, by_id=agent.pk, reason="回电") == "li@example.com"
    seen = AuditEntry.objects.get(action="feedback.contact.seen", subject=f"ticket:{ticket.pk}")
    assert "example" not in str(seen.facts)


def test_looks_at_strangers_and_at_customers_count_together(agent, settings):
    settings.REVEALS_A_DAY = 3
    stranger, customer = written_down(agent), written_down(agent, key="form-2")
    identify(ticket_id=customer.pk, user_id=logged_in().user.pk, by_id=agent.pk)

    def look(ticket):
        return read_contact(ticket_id=ticket.pk, by_id=agent.pk, reason="回电核实")

    assert [look(each) for each in (stranger, customer, stranger)] == [PHONE] * 3
    for ticket in (stranger, customer):
        with pytest.raises(RevealsUsedUp):
            look(ticket)

    assert list(Reveal.objects.order_by("pk").values_list("user", flat=True)) == [
        None,
        Ticket.objects.get(pk=customer.pk).user_id,
        None,
    ]
    unmasked = AuditEntry.objects.filter(action="accounts.pii.unmasked", subject=f"ticket:{stranger.pk}")
    assert [entry.facts["reason"] for entry in unmasked] == ["回电核实"] * 2
    assert AuditEntry.objects.filter(action="feedback.contact.seen").count() == 3


def test_a_writer_is_identified_once(agent):
    ticket, customer = written_down(agent), logged_in().user
    with pytest.raises(CustomerUnknown):
        link_ticket(ticket_id=ticket.pk, about="order:x", by_id=agent.pk)

    identify(ticket_id=ticket.pk, user_id=customer.pk, by_id=agent.pk)
    with pytest.raises(CustomerKnown):
        identify(ticket_id=ticket.pk, user_id=logged_in().user.pk, by_id=agent.pk)

    ticket.refresh_from_db()
    assert (ticket.user, ticket.tier) == (customer, "member")


def test_a_ticket_is_about_a_row_of_its_own_customers_only(agent):
    ticket = opened()
    mine, others = paid_order(payer=ticket.user), paid_order(payer=logged_in().user)

    link_ticket(ticket_id=ticket.pk, about=f"order:{mine.number}", by_id=agent.pk)
    for stranger in (f"order:{others.number}", "record:999999999", "record:x", "nothing:1", ""):
        with pytest.raises(NotFound):
            link_ticket(ticket_id=ticket.pk, about=stranger, by_id=agent.pk)

    ticket.refresh_from_db()
    assert (ticket.about, ticket.amount) == (f"order:{mine.number}", mine.amount)


def test_tags_are_replaced_and_a_cause_is_named(agent):
    ticket, cause = opened(), RootCause.objects.get(code="channel")
    Tag.objects.bulk_create([Tag(name="回访"), Tag(name="大额"), Tag(name="停用", is_active=False)])

    tag_ticket(ticket_id=ticket.pk, tags=["回访"], by_id=agent.pk)
    tag_ticket(ticket_id=ticket.pk, tags=["大额", "停用", "没有"], by_id=agent.pk)
    name_cause(ticket_id=ticket.pk, cause_id=cause.pk, by_id=agent.pk)

    ticket.refresh_from_db()
    assert [each.tag.name for each in ticket.tags.all()] == ["大额"]
    assert ticket.cause == cause
