from feedback.admin import words
from feedback.admin.rules import PriorityRuleAdmin, QueueAdmin, RootCauseAdmin, TagAdmin

__all__ = ["PriorityRuleAdmin", "QueueAdmin", "RootCauseAdmin", "TagAdmin", "words"]
