"""Many tickets at the same moment."""

import uuid

import pytest

from feedback.models import Agent, Queue, Ticket
from feedback.services.routing import route
from feedback.tests.desk import agent, ticket
from wallet_project.kit import clock
from wallet_project.kit.testing.threads import run_in_parallel

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def test_tickets_that_come_at_once_overload_nobody():
    queue = Queue.objects.create(code=uuid.uuid4().hex[:12], name="一时")
    agents = [agent(name, queue.code, capacity=3) for name in ("jia", "yi")]
    tickets = [ticket().pk for _ in range(8)]
    Ticket.objects.filter(pk__in=tickets).update(queue=queue)

    answers = run_in_parallel([lambda one=one: route(ticket_id=one) for one in tickets], threads=8)

    loads = [Ticket.objects.filter(assignee=each, queue=queue).count() for each in agents]
    # Whoever asks about other tickets finds none of these.
    Ticket.objects.filter(queue=queue).update(state="CLOSED", closed_at=clock.now())
    Agent.objects.filter(user__in=agents).delete()
    assert [answer for answer in answers if answer is not None] == []
    assert loads == [3, 3]
