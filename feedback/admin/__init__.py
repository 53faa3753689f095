"""The support desk's pages."""

from feedback.admin import words
from feedback.admin.actions import GoodwillDayAdmin, TicketActionAdmin
from feedback.admin.calendars import BusinessCalendarAdmin, SpecialDaysAdmin
from feedback.admin.canned_replies import CannedReplyAdmin
from feedback.admin.chats import ChatAdmin
from feedback.admin.complaints import ComplaintAdmin
from feedback.admin.desk import TicketAdmin
from feedback.admin.escalations import EscalationAdmin
from feedback.admin.faq import ArticleAdmin, ArticleVersionAdmin, FaqTopicAdmin, SynonymGroupAdmin
from feedback.admin.incidents import IncidentAdmin, IncidentStepAdmin
from feedback.admin.invitations import InvitationAdmin
from feedback.admin.routing import AgentAdmin
from feedback.admin.rules import PriorityRuleAdmin, QueueAdmin, RootCauseAdmin, TagAdmin
from feedback.admin.sla import SlaPolicyAdmin
from feedback.admin.suggestions import SuggestionAdmin
from feedback.admin.surveys import SurveyAdmin

__all__ = [
    "AgentAdmin",
    "ArticleAdmin",
    "ArticleVersionAdmin",
    "BusinessCalendarAdmin",
    "CannedReplyAdmin",
    "ChatAdmin",
    "ComplaintAdmin",
    "EscalationAdmin",
    "FaqTopicAdmin",
    "GoodwillDayAdmin",
    "IncidentAdmin",
    "IncidentStepAdmin",
    "InvitationAdmin",
    "PriorityRuleAdmin",
    "QueueAdmin",
    "RootCauseAdmin",
    "SlaPolicyAdmin",
    "SpecialDaysAdmin",
    "SuggestionAdmin",
    "SurveyAdmin",
    "SynonymGroupAdmin",
    "TagAdmin",
    "TicketActionAdmin",
    "TicketAdmin",
    "words",
]
