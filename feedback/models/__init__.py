"""Everything the support desk keeps."""

from feedback.models.attachments import Attachment, AttachmentPart
from feedback.models.tickets import Queue, Ticket, TicketMessage

__all__ = ["Attachment", "AttachmentPart", "Queue", "Ticket", "TicketMessage"]
