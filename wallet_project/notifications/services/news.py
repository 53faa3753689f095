"""An event is told to whoever it concerns."""

from collections.abc import Iterable

from wallet_project.kit import context
from wallet_project.notifications.rules.news import News
from wallet_project.notifications.services.sending import notify


def tell(news: Iterable[News]) -> None:
    """
    Each of it to its person, once for the event that is being handed over, however often that happens.

    :raises LookupError: no event is being handed over
    """
    event_id = context.current().event_id
    if not event_id:
        raise LookupError("news are of an event")
    for each in news:
        notify(
            user_id=each.user_id,
            notice=each.notice,
            key=f"event:{event_id}",
            facts=each.facts,
            about=each.about,
        )
