"""Everything that can go wrong at the support desk."""

from feedback.errors.actions import ActionOver, GivenAgainBefore, GoodwillSpent, NothingToAppeal, OwnMatter
from feedback.errors.attachments import PictureGone, PictureQuotaUsed, PictureRefused, PictureUnknown
from feedback.errors.chats import ChatEnded, ChatNotYours, ColleagueAway, NobodyWaits, TooManyChats
from feedback.errors.complaints import ComplaintOver, RefundDecided
from feedback.errors.desk import ConversationWentOn, ReplyUnfinished
from feedback.errors.routing import NotAnAgent
from feedback.errors.sla import (
    CalendarRefused,
    ChangesNothing,
    EscalationSeen,
    IncidentEnded,
    IncidentItemDone,
    IncidentItemsOpen,
    SlaPolicyRefused,
)
from feedback.errors.suggestions import SuggestedOften, SuggestionNotMergeable
from feedback.errors.surveys import AlreadyAnswered, AnswerRefused, InvitationEnded, SurveyIncomplete
from feedback.errors.tickets import (
    CannotMerge,
    CustomerKnown,
    CustomerUnknown,
    NothingSaid,
    TicketClosed,
    TooManyTickets,
)

__all__ = [
    "ActionOver",
    "AlreadyAnswered",
    "AnswerRefused",
    "CalendarRefused",
    "CannotMerge",
    "ChangesNothing",
    "ChatEnded",
    "ChatNotYours",
    "ColleagueAway",
    "ComplaintOver",
    "ConversationWentOn",
    "CustomerKnown",
    "CustomerUnknown",
    "EscalationSeen",
    "GivenAgainBefore",
    "GoodwillSpent",
    "IncidentEnded",
    "IncidentItemDone",
    "IncidentItemsOpen",
    "InvitationEnded",
    "NobodyWaits",
    "NotAnAgent",
    "NothingSaid",
    "NothingToAppeal",
    "OwnMatter",
    "PictureGone",
    "PictureQuotaUsed",
    "PictureRefused",
    "PictureUnknown",
    "RefundDecided",
    "ReplyUnfinished",
    "SlaPolicyRefused",
    "SuggestedOften",
    "SuggestionNotMergeable",
    "SurveyIncomplete",
    "TicketClosed",
    "TooManyChats",
    "TooManyTickets",
]
