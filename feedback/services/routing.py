"""
Tickets find their agents, and go on to somebody else when nobody looks after them.

The ticket is locked first, then the agents of its queue, by id: of two tickets that come at once the second
sees what the first has done to everybody's load.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max

from accounts.models import User
from feedback.errors import NotAnAgent, OwnMatter
from feedback.events import TicketAssigned
from feedback.models import Agent, AgentSkill, Ticket
from feedback.rules.routing import Candidate, choose_agent
from feedback.rules.tickets import OPEN_STATES
from feedback.selectors.routing import IN_WORK, agents_there, neglected_tickets, tickets_without_agent
from feedback.services.locks import lock_ticket
from feedback.services.tickets import lock_open_ticket
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish

_ROUND = 50  # of each queue; the rest is for the next round


def assign(*, ticket_id: int, assignee_id: int | None, by_id: int | None) -> None:
    """
    Somebody on the staff has this ticket from now on, however busy they are; None: it is anybody's again.

    :raises TicketClosed: there is nothing to do any more
    :raises NotAnAgent: they do not work at the desk
    :raises OwnMatter: nobody helps themselves
    """
    with transaction.atomic():
        ticket = lock_open_ticket(ticket_id)
        if assignee_id is not None:
            agent = Agent.objects.filter(user=assignee_id).select_related("user__staff_profile").first()
            if agent is None:
                raise NotAnAgent
            if ticket.user_id in agent.user.own_user_ids:
                raise OwnMatter
        _give(ticket, assignee_id, at=clock.now(), by="agent" if by_id else "system")


def take_next(*, agent_id: int) -> int | None:
    """
    The most urgent ticket of their queues that nobody has, and that is not their own, becomes theirs; None:
    there is none.
    """
    learnt = AgentSkill.objects.filter(agent__user=agent_id).values("queue")
    own = User.objects.get(pk=agent_id).own_user_ids
    with transaction.atomic():
        waiting = tickets_without_agent().filter(queue__in=learnt).exclude(user__in=own)
        ticket = waiting.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
        if ticket is None:
            return None
        _give(ticket, agent_id, at=clock.now(), by="agent")
    return ticket.pk


def route(*, ticket_id: int) -> None:
    """Find an agent for a ticket that has none; nobody may be there, and a later round tries again."""
    with transaction.atomic():
        _route_one(lock_ticket(ticket_id), at=clock.now())


def route_waiting() -> int:
    """
    One round: whatever has no agent finds one, and what lies about with one who does not look after it goes
    to a colleague. Where nobody else is there, it stays where it is. Returns how many were given.
    """
    at = clock.now()
    attended = AgentSkill.objects.filter(agent__in=agents_there(at)).values_list("queue", flat=True)
    given = 0
    for queue_id in sorted(set(attended)):
        for act, tickets in ((_route_one, tickets_without_agent()), (_hand_on, neglected_tickets(at))):
            of_queue = tickets.filter(queue=queue_id).values_list("pk", flat=True)
            for ticket_id in list(of_queue[:_ROUND]):
                with transaction.atomic():
                    given += act(lock_ticket(ticket_id), at=at)
    return given


def _route_one(ticket: Ticket, *, at: datetime) -> bool:
    if ticket.state not in OPEN_STATES or ticket.assignee_id is not None:
        return False
    return _hand_to_best(ticket, at=at)


def _hand_on(ticket: Ticket, *, at: datetime) -> bool:
    """Looked at again under the lock: they may have come back just now."""
    if not neglected_tickets(at).filter(pk=ticket.pk).exists():
        return False
    return _hand_to_best(ticket, at=at)


def _hand_to_best(ticket: Ticket, *, at: datetime) -> bool:
    chosen = choose_agent(_candidates(ticket, at=at), priority=ticket.priority)
    if chosen is not None:
        _give(ticket, chosen, at=at, by="system")
    return chosen is not None


def _candidates(ticket: Ticket, *, at: datetime) -> list[Candidate]:
    """Who is there for this queue, and neither has the ticket nor asked for it; their rows are locked."""
    skills = dict(AgentSkill.objects.filter(queue=ticket.queue_id).values_list("agent__user_id", "level"))
    there = (
        agents_there(at)
        .filter(user__in=skills)
        .exclude(user=ticket.assignee_id)
        .select_related("user__staff_profile")
        .select_for_update(no_key=True, of=("self",))
        .order_by("pk")
    )
    agents = [agent for agent in there if ticket.user_id not in agent.user.own_user_ids]
    counted = (
        Ticket.objects.filter(assignee__in=[agent.user_id for agent in agents], state__in=OPEN_STATES)
        .values("assignee")
        .annotate(load=Count("pk", filter=IN_WORK), last=Max("assigned_at"))
    )
    nothing = {"load": 0, "last": None}
    busy: dict[int | None, Any] = {row["assignee"]: row for row in counted}
    return [
        Candidate(
            user_id=agent.user_id,
            skill=skills[agent.user_id],
            load=busy.get(agent.user_id, nothing)["load"],
            capacity=agent.capacity,
            last_given_at=busy.get(agent.user_id, nothing)["last"],
        )
        for agent in agents
    ]


def _give(ticket: Ticket, assignee_id: int | None, *, at: datetime, by: str) -> None:
    require_transaction()
    if ticket.assignee_id == assignee_id:
        return
    was, ticket.assignee_id = ticket.assignee_id, assignee_id
    ticket.assigned_at = at if assignee_id else None
    ticket.save(update_fields=["assignee_id", "assigned_at"])
    record_audit(
        action="feedback.ticket.assigned",
        subject=f"ticket:{ticket.pk}",
        facts={"from": was, "to": assignee_id, "by": by},
    )
    publish(TicketAssigned(ticket_id=ticket.pk, assignee_id=assignee_id))
