"""Everything that can go wrong at the support desk."""

from feedback.errors.attachments import PictureGone, PictureQuotaUsed, PictureRefused, PictureUnknown
from feedback.errors.tickets import (
    CannotMerge,
    CustomerKnown,
    CustomerUnknown,
    NothingSaid,
    TicketClosed,
    TooManyTickets,
)

__all__ = [
    "CannotMerge",
    "CustomerKnown",
    "CustomerUnknown",
    "NothingSaid",
    "PictureGone",
    "PictureQuotaUsed",
    "PictureRefused",
    "PictureUnknown",
    "TicketClosed",
    "TooManyTickets",
]
