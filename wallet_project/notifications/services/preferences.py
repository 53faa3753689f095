"""People say how they want to be told, and of what they do not."""

from collections.abc import Iterable
from datetime import time

from wallet_project.kit import clock
from wallet_project.notifications.errors import MustBeTold
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
    """In which language, and when not; what is not said stays as it is."""
    said = {
        "language": language,
        "has_quiet_hours": has_quiet_hours,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }
    chosen = {name: value for name, value in said.items() if value is not None}
    Reader.objects.update_or_create(user_id=user_id, defaults=chosen)


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
