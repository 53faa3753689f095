"""Who works at the demo's support desk."""

from accounts.models import User
from feedback.models import Agent, AgentSkill, Queue


def seat_agents(*, agents: list[User]) -> None:
    """They take whatever comes; harmless when repeated."""
    for user in agents:
        agent, _made = Agent.objects.get_or_create(user=user)
        for queue in Queue.objects.all():
            AgentSkill.objects.get_or_create(agent=agent, queue=queue)
