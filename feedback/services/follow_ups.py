"""Whoever is not content is called back."""

from feedback.models import Answer, Invitation
from feedback.rules.tickets import Priority, TicketChannel, TicketKind, TicketState, Voice
from feedback.services.locks import lock_where_it_goes_on
from feedback.services.tickets import open_ticket, say
from wallet_project.kit.money import ZERO, Fen


def follow_up(*, invitation_id: int) -> None:
    """
    A low score becomes a ticket, which says all that was answered; what is added later is said in it, too,
    or, when it is over, noted there.

    Must be called in a transaction; does nothing the second time.
    """
    invitation = Invitation.objects.select_related("survey", "ticket").get(pk=invitation_id)
    line = invitation.survey.follow_up_at
    if line is None or invitation.score is None or invitation.score > line:
        return
    about = invitation.ticket
    first, *others = _answers_of(invitation)
    ticket = open_ticket(
        user_id=invitation.user_id,
        kind=about.kind if about else TicketKind.OTHER,
        channel=TicketChannel.SURVEY,
        subject=f"您的评价：{invitation.survey}",
        body=_line(first),
        source=f"invitation:{invitation.number}",
        language=about.language if about else "zh-hans",
        about=about.about if about else invitation.about,
        amount=Fen(about.amount) if about else ZERO,
        priority=Priority.HIGH,
        follows_id=about.pk if about else None,
    )
    is_over = lock_where_it_goes_on(ticket.pk).state == TicketState.CLOSED
    for answer in others:
        say(
            ticket_id=ticket.pk,
            voice=Voice.NOTE if is_over else Voice.CUSTOMER,
            body=_line(answer),
            client_id=f"answer:{answer.pk}",
            author_id=invitation.user_id,
        )


def _answers_of(invitation: Invitation) -> list[Answer]:
    """In the order of the questions; the first is the score."""
    rows = Answer.objects.filter(invitation=invitation).select_related("question")
    return list(rows.order_by("question__position", "question_id"))


def _line(answer: Answer) -> str:
    return f"{answer.question.text}\n{answer.in_words}"
