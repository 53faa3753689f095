"""Whoever is gone asks for nothing any more; whoever became another person takes their tickets along."""

from feedback.models import Invitation, Suggestion, Ticket
from feedback.rules.tickets import OVER, TicketState
from feedback.services.tickets import move_ticket


def close_tickets_of(*, user_id: int) -> None:
    """Does nothing the second time."""
    for ticket in Ticket.objects.filter(user=user_id).exclude(state__in=OVER).order_by("pk"):
        move_ticket(ticket_id=ticket.pk, to=TicketState.CLOSED, by_id=None, because="顾客已注销")


def hand_tickets_over(*, closed_user_id: int, user_id: int) -> None:
    """Of two accounts that were one person's; what was asked in the one is read in the other."""
    Ticket.objects.filter(user=closed_user_id).update(user=user_id)


def withdraw_invitations_of(*, user_id: int) -> None:
    """What they have not answered is not asked any more."""
    Invitation.objects.filter(user=user_id, answered_at=None).delete()


def hand_suggestions_over(*, closed_user_id: int, user_id: int) -> None:
    """What was suggested in the one account is answered in the other."""
    Suggestion.objects.filter(user=closed_user_id).update(user=user_id)
