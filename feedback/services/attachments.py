"""Keep a picture that somebody sends, put it to what they say, hand it out."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import KeyDestroyed
from accounts.services.locks import lock_user
from accounts.services.sealed_files import open_file, seal_file
from feedback.errors import PictureGone, PictureQuotaUsed, PictureRefused, PictureUnknown
from feedback.models import Attachment, AttachmentPart
from feedback.selectors.attachments import attachment_named
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.pictures import NoPicture, made_anew

PER_DAY = 30
_DAY = timedelta(days=1)


@retry_conflicts
def keep_picture(*, owner_id: int, content: bytes) -> Attachment:
    """
    A picture, written anew and sealed for whoever sent it; it waits for the message that it goes with.

    :raises PictureRefused: it is none that we take
    :raises PictureQuotaUsed: they have sent enough within a day
    """
    now = clock.now()
    _refuse_too_many(owner_id, now)
    try:
        picture = made_anew(content)
    except NoPicture:
        raise PictureRefused from None
    with transaction.atomic(durable=True):
        lock_user(owner_id)
        _refuse_too_many(owner_id, now)
        attachment = Attachment.objects.create(
            token=secrets.token_hex(16),
            owner_id=owner_id,
            width=picture.width,
            height=picture.height,
            size=len(picture.content),
            created_at=now,
        )
        _seal(attachment, picture.content)
    return attachment


def attach(*, message_id: int, owner_id: int, tokens: Sequence[str]) -> None:
    """
    Their pictures go with this message, in the transaction that says it; once more is the same.

    :raises PictureUnknown: one is not theirs, or went with another message
    """
    require_transaction()
    theirs = Attachment.objects.filter(owner=owner_id, token__in=tokens).order_by("pk")
    free = {
        each.token for each in theirs.select_for_update(no_key=True) if each.message_id in (None, message_id)
    }
    for token in tokens:
        if token not in free:
            raise PictureUnknown(token=token)
    theirs.update(message=message_id)


def open_picture(token: str) -> bytes:
    """
    The JPEG itself. Whether they may see it is the door's question.

    :raises NotFound: there is none
    :raises PictureGone: its owner has left, and nobody can read it any more
    """
    try:
        return _open(attachment_named(token))
    except KeyDestroyed:
        raise PictureGone from None


def hand_pictures_over(*, closed_user_id: int, user_id: int) -> None:
    """
    Of two accounts that were one person's: the pictures of the one are the other's, whose key opens them from
    now on. In the transaction that ends the one, before its key goes.
    """
    require_transaction()
    theirs = Attachment.objects.filter(owner=closed_user_id).order_by("pk")
    for attachment in theirs.select_for_update(no_key=True):
        content = _open(attachment)
        attachment.parts.all().delete()
        attachment.owner_id = user_id
        attachment.save(update_fields=["owner"])
        _seal(attachment, content)


def _seal(attachment: Attachment, content: bytes) -> None:
    pieces = seal_file(content, user_id=attachment.owner_id, column=_column(attachment))
    AttachmentPart.objects.bulk_create(
        AttachmentPart(attachment=attachment, position=position, content_sealed=piece)
        for position, piece in enumerate(pieces)
    )


def _open(attachment: Attachment) -> bytes:
    pieces = [part.content_sealed for part in attachment.parts.all()]
    return open_file(pieces, user_id=attachment.owner_id, column=_column(attachment))


def _refuse_too_many(owner_id: int, now: datetime) -> None:
    if Attachment.objects.filter(owner=owner_id, created_at__gt=now - _DAY).count() >= PER_DAY:
        raise PictureQuotaUsed(allowed=PER_DAY)


def _column(attachment: Attachment) -> str:
    return f"feedback.attachment:{attachment.token}"
