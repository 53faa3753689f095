"""What the support desk holds about a person, for them to take along."""

from collections.abc import Iterator

from feedback.models import (
    Answer,
    ArticleVote,
    Attachment,
    Chat,
    Complaint,
    Consultation,
    Invitation,
    Suggestion,
    SuggestionVote,
    Ticket,
    TicketContact,
    TicketMessage,
)
from feedback.rules.tickets import Voice
from wallet_project.kit.personal_data import Row, Section, section


def personal_data(user_id: int) -> Iterator[Section]:
    pictures = Attachment.objects.filter(owner=user_id).order_by("pk")
    yield section(pictures, "created_at", "width", "height", "size")
    yield section(
        Ticket.objects.filter(user=user_id).select_related("queue").order_by("pk"),
        "number",
        "kind",
        "channel",
        "subject",
        "state",
        "about",
        "opened_at",
        "first_replied_at",
        "resolved_at",
        "closed_at",
        money=("amount",),
    )
    yield str(TicketContact._meta.verbose_name_plural), _contacts(user_id)
    yield section(
        Chat.objects.filter(user=user_id).select_related("ticket").order_by("pk"),
        "number",
        "ticket",
        "state",
        "opened_at",
        "taken_at",
        "ended_at",
    )
    yield section(
        TicketMessage.objects.filter(ticket__user=user_id)
        .exclude(voice=Voice.NOTE)
        .select_related("ticket")
        .order_by("pk"),
        "ticket",
        "voice",
        "body",
        "at",
    )
    yield section(
        Invitation.objects.filter(user=user_id).select_related("survey").order_by("pk"),
        "number",
        "survey",
        "about",
        "score",
        "invited_at",
        "answered_at",
        "declined_at",
    )
    yield section(
        Answer.objects.filter(invitation__user=user_id)
        .select_related("invitation", "question")
        .order_by("pk"),
        "invitation",
        "question",
        "score",
        "chosen",
        "text",
        "at",
    )
    yield section(
        Suggestion.objects.filter(user=user_id).order_by("pk"), "number", "text", "state", "suggested_at"
    )
    yield section(
        SuggestionVote.objects.filter(user=user_id).select_related("suggestion").order_by("pk"),
        "suggestion",
        "at",
    )
    asked = Consultation.objects.filter(user=user_id).order_by("pk")
    yield section(asked, "kind", "question", "outcome", "asked_at")
    votes = ArticleVote.objects.filter(user=user_id).select_related("article").order_by("pk")
    yield section(votes, "article", "is_helpful", "at")
    yield section(
        Complaint.objects.filter(ticket__user=user_id).order_by("pk"),
        "complaint_id",
        "state",
        "problem",
        "times",
        "complained_at",
        "processed_at",
        money=("paid", "refund_wanted"),
    )


def _contacts(user_id: int) -> Iterator[Row]:
    contacts = TicketContact.objects.filter(ticket__user=user_id).select_related("ticket").order_by("pk")
    for each in contacts:
        yield {"工单": each.ticket.number, "联系方式": each.contact}
