"""What an agent does at the desk, several things at once."""

from django.db import transaction

from feedback.errors import ComplaintOver, ConversationWentOn, NothingSaid, ReplyUnfinished
from feedback.models import SavedView, Ticket
from feedback.rules.canned_replies import unfilled_variables
from feedback.rules.tickets import TicketState, Voice
from feedback.selectors.complaints import is_over_in_wechat
from feedback.services.locks import lock_ticket
from feedback.services.routing import assign
from feedback.services.tickets import move_ticket, say

_VIEWS_EACH = 20


def reply(
    *, ticket_id: int, agent_id: int, body: str, client_id: str, seen_id: int, then: TicketState | None = None
) -> None:
    """
    Write to the customer, and move the ticket on where `then` says so; whose nobody's it was it is the
    agent's. `seen_id` is the last message that the agent had before them. Without a body it only moves.

    :raises ConversationWentOn: somebody wrote in the meantime; nothing was sent
    :raises ReplyUnfinished: a variable of a canned reply was left open
    :raises NothingSaid: neither words nor a move
    :raises ComplaintOver: WeChat takes no more words, and here they are nobody
    :raises TicketClosed: there is nobody to answer any more
    """
    if left := unfilled_variables(body):
        raise ReplyUnfinished(variables=left)
    if not body.strip() and then is None:
        raise NothingSaid
    with transaction.atomic():
        ticket = lock_ticket(ticket_id)
        if ticket.messages.filter(client_id=client_id).exists():
            return
        if _heard_since(ticket, seen_id, agent_id):
            raise ConversationWentOn
        if body.strip():
            if ticket.user_id is None and is_over_in_wechat(ticket.pk):
                raise ComplaintOver
            say(ticket_id=ticket_id, voice=Voice.AGENT, body=body, client_id=client_id, author_id=agent_id)
            if ticket.assignee_id is None:
                assign(ticket_id=ticket_id, assignee_id=agent_id, by_id=agent_id)
        if then is not None and ticket.state != then:
            move_ticket(ticket_id=ticket_id, to=then, by_id=agent_id)


def save_view(*, owner_id: int, name: str, query: str) -> None:
    """The same name again means the new one; whoever has too many loses the oldest."""
    with transaction.atomic():
        SavedView.objects.update_or_create(owner_id=owner_id, name=name, defaults={"query": query})
        kept = SavedView.objects.filter(owner=owner_id).order_by("-pk").values("pk")[:_VIEWS_EACH]
        SavedView.objects.filter(owner=owner_id).exclude(
            pk__in=list(kept.values_list("pk", flat=True))
        ).delete()


def forget_view(*, owner_id: int, view_id: int) -> None:
    SavedView.objects.filter(owner=owner_id, pk=view_id).delete()


def _heard_since(ticket: Ticket, seen_id: int, agent_id: int) -> bool:
    """The customer or a colleague has spoken; one's own second tab and notes do not count."""
    said = ticket.messages.filter(pk__gt=seen_id, voice__in=[Voice.CUSTOMER, Voice.AGENT])
    return said.exclude(author=agent_id).exists()
