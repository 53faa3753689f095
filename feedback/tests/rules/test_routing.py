"""Who gets a ticket."""

from datetime import timedelta

import pytest

from feedback.rules.routing import Candidate, Skill, choose_agent
from feedback.rules.tickets import Priority
from wallet_project.kit import clock

NOON = clock.beginning_of(clock.now().date())


def agent(user_id, *, load=0, capacity=4, skill=Skill.ABLE, given=None):
    last = NOON + timedelta(minutes=given) if given is not None else None
    return Candidate(user_id=user_id, skill=skill, load=load, capacity=capacity, last_given_at=last)


@pytest.mark.parametrize(
    ("candidates", "priority", "chosen"),
    [
        ([], Priority.NORMAL, None),
        ([agent(1, load=4), agent(2, load=5)], Priority.EMERGENCY, None),
        ([agent(1, load=2), agent(2, load=3)], Priority.NORMAL, 1),
        # Half of what they can carry is less than three quarters, though it is more tickets.
        ([agent(1, load=3), agent(2, load=5, capacity=10)], Priority.NORMAL, 2),
        ([agent(1, load=1), agent(2, load=1, skill=Skill.EXPERT)], Priority.NORMAL, 2),
        ([agent(1, load=0), agent(2, load=3, skill=Skill.EXPERT)], Priority.NORMAL, 1),
        ([agent(1, load=0), agent(2, load=3, skill=Skill.EXPERT)], Priority.HIGH, 2),
        ([agent(1, load=0), agent(2, load=4, skill=Skill.EXPERT)], Priority.EMERGENCY, 1),
        ([agent(1, load=1, given=9), agent(2, load=1, given=3)], Priority.NORMAL, 2),
        ([agent(1, given=0), agent(2)], Priority.NORMAL, 2),
    ],
)
def test_the_least_busy_takes_it_and_the_most_skilled_what_is_urgent(candidates, priority, chosen):
    assert choose_agent(candidates, priority=priority) == chosen
    assert choose_agent(reversed(candidates), priority=priority) == chosen
