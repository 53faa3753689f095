"""What the support desk keeps for a while: which of its rows have had their time."""

from datetime import datetime

from django.db.models import QuerySet

from feedback.models import ArticleVote, Attachment, Consultation, Invitation, Suggestion, Ticket


def outdated_attachments(*, before: datetime) -> QuerySet[Attachment]:
    """Pictures of long ago; what was said with them stays."""
    return Attachment.objects.filter(created_at__lt=before)


def outdated_unsent_pictures(*, before: datetime) -> QuerySet[Attachment]:
    """Pictures that went with no message."""
    return Attachment.objects.filter(created_at__lt=before, message=None)


def outdated_tickets(*, before: datetime) -> QuerySet[Ticket]:
    """Closed before then, with all that was said; not while a younger one follows it, or goes on with it."""
    return Ticket.objects.filter(closed_at__lt=before, followed_by=None, merged=None)


def outdated_invitations(*, before: datetime) -> QuerySet[Invitation]:
    """With what was answered."""
    return Invitation.objects.filter(invited_at__lt=before)


def outdated_suggestions(*, before: datetime) -> QuerySet[Suggestion]:
    """With their steps and votes; not while a younger one was merged into it."""
    return Suggestion.objects.filter(suggested_at__lt=before, merged=None)


def outdated_consultations(*, before: datetime) -> QuerySet[Consultation]:
    """What people asked so long ago that the articles have answered it, or will not."""
    return Consultation.objects.filter(asked_at__lt=before)


def outdated_votes(*, before: datetime) -> QuerySet[ArticleVote]:
    """Votes on what has been rewritten since."""
    return ArticleVote.objects.filter(at__lt=before)
