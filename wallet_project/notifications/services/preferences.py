"""People say how they want to be told, and of what they do not."""

from collections.abc import Iterable
from datetime import time

from django.db import transaction

from wallet_project.kit import clock
from wallet_project.notifications.errors import MustBeTold, QuietHoursOfNoLength
from wallet_project.notifications.models import Message, Preference, Reader
from wallet_project.notifications.rules.notices import EXEMPT, Category, ChannelKind
from wallet_project.notifications.selectors.inbox import message_of


def choose_channel(*, user_id: int, category: Category, channel: ChannelKind, wanted: bool) -> None:
    """
    One category over one channel, on or off.

    :raises MustBeTold: what concerns their safety or binds them cannot be turned off
    """
    if wanted:
        Preference.objects.filter(user=user_id, category=category, channel=channel).delete()
    else:
        _turn_off(user_id, category, (channel,), because=None)


def unsubscribe(*, user_id: int, category: Category) -> None:
    """
    One tap ends a category over all channels.

    :raises MustBeTold: what concerns their safety or binds them cannot be turned off
    """
    _turn_off(user_id, category, ChannelKind, because=None)


def unsubscribe_from(*, user_id: int, message: str) -> None:
    """
    The same from a message (its number), which is then known to have been the one too many.

    :raises MustBeTold: what concerns their safety or binds them cannot be turned off
    :raises NotFound: there is no such message, or it is somebody else's
    """
    because = message_of(user_id, message)
    _turn_off(user_id, Category(because.category), ChannelKind, because=because)


def choose_reading(
    *,
    user_id: int,
    language: str | None = None,
    has_quiet_hours: bool | None = None,
    quiet_from: time | None = None,
    quiet_until: time | None = None,
) -> None:
    """
    In which language, and when not; what is not said stays as it is.

    :raises QuietHoursOfNoLength: they would end when they begin; nothing is changed
    """
    said = {
        "language": language,
        "has_quiet_hours": has_quiet_hours,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }
    chosen = {name: value for name, value in said.items() if value is not None}
    with transaction.atomic():
        reader, _is_new = Reader.objects.select_for_update(no_key=True).get_or_create(user_id=user_id)
        for name, value in chosen.items():
            setattr(reader, name, value)
        if reader.quiet_from == reader.quiet_until:
            raise QuietHoursOfNoLength
        reader.save(update_fields=chosen)


def _turn_off(
    user_id: int, category: Category, channels: Iterable[ChannelKind], *, because: Message | None
) -> None:
    if category in EXEMPT:
        raise MustBeTold(category=category)
    now = clock.now()
    Preference.objects.bulk_create(
        (
            Preference(user_id=user_id, category=category, channel=channel, message=because, at=now)
            for channel in channels
        ),
        ignore_conflicts=True,
    )
