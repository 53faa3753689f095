"""What somebody has read, and what they followed."""

from django.db.models import Value
from django.db.models.functions import Coalesce

from wallet_project.kit import clock
from wallet_project.notifications.models import Message
from wallet_project.notifications.selectors.inbox import inbox_of, message_of


def read_message(*, user_id: int, number: str) -> None:
    """
    The first time counts.

    :raises NotFound: there is none, or it is somebody else's
    """
    message = message_of(user_id, number)
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=clock.now())


def read_all(*, user_id: int, category: str | None = None) -> None:
    """Everything, or what is of one category."""
    inbox_of(user_id, category).filter(read_at=None).update(read_at=clock.now())


def open_message(*, user_id: int, number: str) -> None:
    """
    Its reader followed its link, from the inbox or from what was pushed; so it is read, too.

    :raises NotFound: there is none, or it is somebody else's
    """
    message, now = message_of(user_id, number), clock.now()
    unopened = Message.objects.filter(pk=message.pk, opened_at=None)
    unopened.update(opened_at=now, read_at=Coalesce("read_at", Value(now)))
