"""Which pictures go with what was said."""

from collections import defaultdict
from collections.abc import Iterable

from feedback.models import Attachment
from wallet_project.kit.errors import NotFound


def of_messages(ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """Message → its pictures, in the order in which they were sent."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    for attachment in Attachment.objects.filter(message__in=list(ids)).order_by("pk"):
        found[attachment.message_id or 0].append(attachment)
    return dict(found)


def attachment_named(token: str) -> Attachment:
    """
    :raises NotFound: there is none
    """
    attachment = Attachment.objects.filter(token=token).first()
    if attachment is None:
        raise NotFound
    return attachment
