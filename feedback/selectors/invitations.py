"""What a customer is asked."""

from datetime import datetime

from django.db.models import Prefetch, QuerySet

from feedback.models import Answer, Invitation
from wallet_project.kit.errors import NotFound

INBOX = 20  # the newest; the others come up when these are answered


def inbox_of(user_id: int, *, at: datetime, about: str = "") -> QuerySet[Invitation]:
    """Open and unanswered, newest first, perhaps of one matter only."""
    waiting = _shown_to(user_id, at=at).filter(answered_at=None, declined_at=None, expires_at__gt=at)
    return (waiting.filter(about=about) if about else waiting)[:INBOX]


def invitation_of(user_id: int, number: str, *, at: datetime) -> Invitation:
    """
    :raises NotFound: not theirs, or not open yet
    """
    found = _shown_to(user_id, at=at).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def _shown_to(user_id: int, *, at: datetime) -> QuerySet[Invitation]:
    """With the questions, and the answers so far."""
    rows = Invitation.objects.filter(user=user_id, opens_at__lte=at).select_related("survey")
    answers = Prefetch("answers", Answer.objects.select_related("question").order_by("question"))
    return rows.prefetch_related("survey__questions", answers).order_by("-pk")
