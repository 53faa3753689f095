"""Everything the support desk keeps."""

from feedback.models.attachments import Attachment, AttachmentPart
from feedback.models.labels import RootCause, Tag, TicketTag
from feedback.models.priorities import PriorityRule
from feedback.models.side_channels import TicketContact
from feedback.models.tickets import Queue, Ticket, TicketMessage

__all__ = [
    "Attachment",
    "AttachmentPart",
    "PriorityRule",
    "Queue",
    "RootCause",
    "Tag",
    "Ticket",
    "TicketContact",
    "TicketMessage",
    "TicketTag",
]
