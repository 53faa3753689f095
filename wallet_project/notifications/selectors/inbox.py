"""What somebody was told, as they read it."""

from django.db.models import Count, QuerySet

from wallet_project.kit.errors import NotFound
from wallet_project.notifications.models import Message


def inbox_of(user_id: int, category: str | None = None) -> QuerySet[Message]:
    """All of it, or what is of one category."""
    mine = Message.objects.filter(user=user_id, in_inbox=True)
    return mine.filter(category=category) if category else mine


def unread_by_category(user_id: int) -> dict[str, int]:
    """Those with none are left out."""
    unread = inbox_of(user_id).filter(read_at=None).order_by()
    return dict(unread.values_list("category").annotate(Count("pk")))


def message_of(user_id: int, number: str) -> Message:
    """
    In the inbox or not: what was only pushed is opened, too.

    :raises NotFound: there is none, or it is somebody else's
    """
    found = Message.objects.filter(user=user_id, number=number).first()
    if found is None:
        raise NotFound
    return found
