"""Ask the articles first; say whether that was the answer; or open a ticket after all."""

from django.db import transaction

from feedback.models import ArticleVersion, Consultation, Ticket
from feedback.rules.consultations import ENDS_IN_A_TICKET_WITHIN, Outcome
from feedback.rules.tickets import TicketChannel
from feedback.selectors.faq import article_named, articles_about
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound

_OFFERED = 3


def consult(*, user_id: int, kind: str, question: str) -> tuple[Consultation, list[ArticleVersion]]:
    """The articles that may answer a question, the likeliest first; what becomes of it is measured."""
    offered = list(articles_about(question)[:_OFFERED])
    consultation = Consultation.objects.create(
        user_id=user_id, kind=kind, question=question, found=len(offered), asked_at=clock.now()
    )
    return consultation, offered


@transaction.atomic
def conclude(*, user_id: int, consultation_id: int, is_solved: bool, slug: str = "") -> Consultation:
    """
    Whether that was the answer, and which article gave it. Of what became a ticket nothing is changed.

    :raises NotFound: no such question, somebody else's, or no such article
    """
    theirs = Consultation.objects.select_for_update(no_key=True).filter(user=user_id)
    consultation = theirs.filter(pk=consultation_id).first()
    if consultation is None:
        raise NotFound
    if consultation.outcome != Outcome.TICKET:
        consultation.outcome = Outcome.SOLVED if is_solved else Outcome.UNSOLVED
        consultation.article = article_named(slug).article if is_solved and slug else None
        consultation.save(update_fields=["outcome", "article"])
    return consultation


@transaction.atomic
def end_in_ticket(*, ticket_id: int) -> None:
    """
    The last question of whoever opened a ticket was not answered, whatever they said then. One by which we
    call them back says nothing of that.
    """
    ticket = Ticket.objects.get(pk=ticket_id)
    if ticket.channel == TicketChannel.SURVEY:
        return
    asked = Consultation.objects.select_for_update(no_key=True).filter(
        user=ticket.user_id,
        asked_at__lte=ticket.opened_at,
        asked_at__gt=ticket.opened_at - ENDS_IN_A_TICKET_WITHIN,
    )
    last = asked.order_by("-pk").first()
    if last is not None and last.outcome != Outcome.TICKET:
        last.outcome, last.article, last.ticket = Outcome.TICKET, None, ticket
        last.save(update_fields=["outcome", "article", "ticket"])
