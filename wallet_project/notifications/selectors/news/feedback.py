"""What the support desk's events mean to people."""

from collections.abc import Iterable

from feedback.events import CustomerReminded, SuggestionMoved, TicketMoved, TicketReplied
from feedback.rules.suggestions import SuggestionState
from feedback.rules.tickets import TicketState
from feedback.selectors.chats import is_read_now
from feedback.selectors.suggestions import suggestion_numbered, who_hears
from feedback.selectors.tickets import ticket_with
from wallet_project.kit import clock
from wallet_project.notifications.rules.news import News
from wallet_project.notifications.selectors.news.register import news_of


@news_of(TicketReplied)
def we_wrote(event: TicketReplied) -> Iterable[News]:
    """Whoever sits before a live chat reads it there."""
    if not is_read_now(event.ticket_id, at=clock.now()):
        yield from _of_ticket(event.ticket_id, "feedback.ticket_replied")


@news_of(CustomerReminded)
def we_wait(event: CustomerReminded) -> Iterable[News]:
    yield from _of_ticket(event.ticket_id, "feedback.ticket_waits")


@news_of(TicketMoved)
def ticket_moved(event: TicketMoved) -> Iterable[News]:
    if event.state == TicketState.RESOLVED:
        yield from _of_ticket(event.ticket_id, "feedback.ticket_resolved")


@news_of(SuggestionMoved)
def suggestion_moved(event: SuggestionMoved) -> Iterable[News]:
    suggestion = suggestion_numbered(event.suggestion_id)
    facts = {"suggestion": str(suggestion), "state": SuggestionState(event.state).label}
    for user_id in sorted(who_hears(event.suggestion_id)):
        yield News(
            user_id=user_id,
            notice="feedback.suggestion_moved",
            facts=facts,
            about=f"suggestion:{suggestion.number}",
        )


def _of_ticket(ticket_id: int, notice: str) -> Iterable[News]:
    """Of one whose writer we do not know nobody hears."""
    ticket = ticket_with(ticket_id)
    if ticket.user_id is not None:
        yield News(
            user_id=ticket.user_id,
            notice=notice,
            facts={"subject": ticket.subject, "number": ticket.number},
            about=f"ticket:{ticket.number}",
        )
