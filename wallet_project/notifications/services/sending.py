"""Tell somebody: one call, inside the transaction of whatever happened."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.utils import translation
from django.utils.text import Truncator

from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.rows import insert_once
from wallet_project.kit.serials import new_serial
from wallet_project.notifications.models import Message, NoticeText
from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.notices import ChannelKind
from wallet_project.notifications.rules.variables import as_kept, fill, fill_link, in_words
from wallet_project.notifications.selectors.notices import may_be_courted, standing
from wallet_project.notifications.services.deliveries import begin_delivery

_NO_FACTS: Mapping[str, object] = MappingProxyType({})


def notify(
    *,
    user_id: int,
    notice: str,
    key: str,
    facts: Mapping[str, object] = _NO_FACTS,
    about: str = "",
    link: str = "",
) -> Message | None:
    """
    Tell one person, once per `key`: it is in their inbox when the transaction commits, and is pushed over the
    first of the notice's other channels that reaches them. It opens `link`, or else the notice's own page.
    None: told before, switched off, or not wanted.

    :raises TypeError: the facts are not the notice's variables
    """
    require_transaction()
    variables = CATALOGUE[notice].variables
    known = standing(user_id, notice)
    row = known.text.notice
    channels = [ChannelKind(channel) for channel in row.channels if channel not in known.muted]
    with translation.override(known.text.language):
        kept = as_kept(variables, facts)
    if not row.is_enabled or known.has_left or not channels or not may_be_courted(user_id, row.category):
        return None
    message = rendered(known.text, kept, at=clock.now())
    message.user_id, message.key, message.about = user_id, key, about
    message.link = link or message.link
    message.in_inbox = ChannelKind.INBOX in channels
    if not insert_once(message):
        return None
    begin_delivery(message, over=channels, at=message.told_at)
    return message


def rendered(text: NoticeText, facts: Mapping[str, str | int], *, at: datetime) -> Message:
    """A notice with kept facts, as it reads; for whom and why is still to be said."""
    notice = text.notice
    words = in_words(CATALOGUE[notice.code].variables, facts)
    return Message(
        number=new_serial("X", at),
        notice=notice,
        category=notice.category,
        language=text.language,
        title=Truncator(fill(text.title, words)).chars(80),
        body=Truncator(fill(text.body, words)).chars(600),
        link=fill_link(notice.link, facts)[:300],
        facts=dict(facts),
        told_at=at,
    )
