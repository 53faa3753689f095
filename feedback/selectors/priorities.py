"""What makes a ticket urgent."""

from feedback.models import PriorityRule
from feedback.rules.priorities import Condition


def conditions_in_force() -> list[Condition]:
    return [rule.condition for rule in PriorityRule.objects.filter(is_active=True)]
