"""Everything that can go wrong at the support desk."""

from feedback.errors.attachments import PictureGone, PictureQuotaUsed, PictureRefused, PictureUnknown
from feedback.errors.suggestions import SuggestedOften, SuggestionNotMergeable
from feedback.errors.surveys import (
    AlreadyAnswered,
    AnswerRefused,
    InvitationEnded,
    SurveyIncomplete,
)
from feedback.errors.tickets import (
    CannotMerge,
    CustomerKnown,
    CustomerUnknown,
    NothingSaid,
    TicketClosed,
    TooManyTickets,
)

__all__ = [
    "AlreadyAnswered",
    "AnswerRefused",
    "CannotMerge",
    "CustomerKnown",
    "CustomerUnknown",
    "InvitationEnded",
    "NothingSaid",
    "PictureGone",
    "PictureQuotaUsed",
    "PictureRefused",
    "PictureUnknown",
    "SuggestedOften",
    "SuggestionNotMergeable",
    "SurveyIncomplete",
    "TicketClosed",
    "TooManyTickets",
]
