"""Everything the support desk keeps."""

from feedback.models.tickets import Queue, Ticket, TicketMessage

__all__ = ["Queue", "Ticket", "TicketMessage"]
