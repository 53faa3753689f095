from feedback.admin import words
from feedback.admin.actions import GoodwillDayAdmin, TicketActionAdmin
from feedback.admin.invitations import InvitationAdmin
from feedback.admin.rules import PriorityRuleAdmin, QueueAdmin, RootCauseAdmin, TagAdmin
from feedback.admin.suggestions import SuggestionAdmin
from feedback.admin.surveys import SurveyAdmin

__all__ = [
    "GoodwillDayAdmin",
    "InvitationAdmin",
    "PriorityRuleAdmin",
    "QueueAdmin",
    "RootCauseAdmin",
    "SuggestionAdmin",
    "SurveyAdmin",
    "TagAdmin",
    "TicketActionAdmin",
    "words",
]
