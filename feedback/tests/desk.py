"""People who work at the desk, and what waits for them."""

import uuid

from accounts.services.staff import hire
from feedback.models import Agent, AgentSkill, Queue
from feedback.rules.routing import Skill
from feedback.rules.tickets import TicketChannel, TicketKind
from feedback.services.tickets import open_ticket
from wallet_project.kit import clock


def agent(name, *queues, capacity=5, skill=Skill.ABLE, takes_new=True):
    """Somebody who is there and takes what these queues have; without any, all of them."""
    mark = uuid.uuid4().hex[:6]
    user, _password = hire(
        username=f"{name}{mark}", name=name, employee_no=f"E-{mark}", password="three unusual words"
    )
    made = Agent.objects.create(user=user, capacity=capacity, takes_new=takes_new, seen_at=clock.now())
    learnt = Queue.objects.filter(code__in=queues) if queues else Queue.objects.all()
    AgentSkill.objects.bulk_create(AgentSkill(agent=made, queue=queue, level=skill) for queue in learnt)
    return user


def ticket(user=None, *, kind=TicketKind.QUESTION, body="请问怎么提现？", **wish):
    return open_ticket(
        user_id=user and user.pk,
        kind=kind,
        channel=TicketChannel.MINI_PROGRAM,
        subject=wish.pop("subject", "提现问题"),
        body=body,
        source=f"test:{uuid.uuid4().hex}",
        **wish,
    )
