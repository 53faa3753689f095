"""Everything the support desk keeps."""

from feedback.models.actions import GoodwillDay, TicketAction
from feedback.models.attachments import Attachment, AttachmentPart
from feedback.models.calendars import BusinessCalendar, SpecialDays
from feedback.models.canned_replies import CannedReply
from feedback.models.chats import Chat
from feedback.models.complaints import Complaint, ComplaintTelling
from feedback.models.consultations import Consultation
from feedback.models.desk import SavedView, TicketLook
from feedback.models.escalations import Escalation
from feedback.models.faq import Article, ArticleVersion, ArticleVote, FaqTopic, SynonymGroup
from feedback.models.incidents import Incident, IncidentItem, IncidentStep, IncidentTicket
from feedback.models.invitations import Answer, Invitation
from feedback.models.labels import RootCause, Tag, TicketTag
from feedback.models.priorities import PriorityRule
from feedback.models.routing import Agent, AgentSkill
from feedback.models.side_channels import TicketContact
from feedback.models.sla import SlaClock, SlaPause, SlaPolicy
from feedback.models.suggestions import Suggestion, SuggestionStep, SuggestionVote
from feedback.models.surveys import Survey, SurveyQuestion
from feedback.models.tickets import Queue, Ticket, TicketMessage

__all__ = [
    "Agent",
    "AgentSkill",
    "Answer",
    "Article",
    "ArticleVersion",
    "ArticleVote",
    "Attachment",
    "AttachmentPart",
    "BusinessCalendar",
    "CannedReply",
    "Chat",
    "Complaint",
    "ComplaintTelling",
    "Consultation",
    "Escalation",
    "FaqTopic",
    "GoodwillDay",
    "Incident",
    "IncidentItem",
    "IncidentStep",
    "IncidentTicket",
    "Invitation",
    "PriorityRule",
    "Queue",
    "RootCause",
    "SavedView",
    "SlaClock",
    "SlaPause",
    "SlaPolicy",
    "SpecialDays",
    "Suggestion",
    "SuggestionStep",
    "SuggestionVote",
    "Survey",
    "SurveyQuestion",
    "SynonymGroup",
    "Tag",
    "Ticket",
    "TicketAction",
    "TicketContact",
    "TicketLook",
    "TicketMessage",
    "TicketTag",
]
