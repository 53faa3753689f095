"""What a notice says to one person, and whether they want it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery

from accounts.models import User, UserStatus
from accounts.rules.agreements import AgreementKind
from accounts.selectors.consents import has_consent
from wallet_project.notifications.models import Notice, NoticeText, Preference, Reader
from wallet_project.notifications.rules.notices import EXEMPT, Category, ChannelKind
from wallet_project.notifications.rules.quiet_hours import BEGIN, END, end_of_quiet


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A notice in the language of one person, and the channels that they do not want it over."""

    text: NoticeText
    muted: frozenset[ChannelKind]
    has_left: bool


def standing(user_id: int, notice: str) -> Standing:
    """
    In one query, for it is asked on every paid order.

    :raises LookupError: the catalogue's rows were not written
    """
    muted = Preference.objects.filter(user=user_id, category=OuterRef("notice__category"))
    texts = (
        NoticeText.objects.filter(notice__code=notice)
        .select_related("notice")
        .annotate(
            reads=Subquery(Reader.objects.filter(user=user_id).values("language")),
            muted=ArraySubquery(muted.values("channel")),
            has_left=Exists(User.objects.filter(pk=user_id, status=UserStatus.CLOSED)),
        )
        .order_by("-language")
    )
    found = {text.language: text for text in texts}
    if not found:
        raise LookupError(f"there is no notice {notice!r}")
    first = next(iter(found.values()))
    return Standing(
        text=found.get(first.reads or first.language, first),
        muted=frozenset(ChannelKind(channel) for channel in first.muted),
        has_left=first.has_left,
    )


def muted_channels(user_id: int, category: str) -> set[str]:
    """Over which they do not want it; nobody is asked about what must be told."""
    if category in EXEMPT:
        return set()
    return set(Preference.objects.filter(user=user_id, category=category).values_list("channel", flat=True))


def may_be_courted(user_id: int, category: str) -> bool:
    """Whether a message of this category needs no consent, or has it."""
    return category != Category.GROWTH or has_consent(user_id, purpose=AgreementKind.MARKETING)


def told_from(user_id: int, notice: Notice, *, at: datetime) -> datetime | None:
    """When they may be pushed to, after a night of quiet; None: now."""
    if notice.category in EXEMPT or notice.is_urgent:
        return None
    reader = Reader.objects.filter(user=user_id).first()
    if reader is None:
        return end_of_quiet(at, begins=BEGIN, ends=END)
    if not reader.has_quiet_hours:
        return None
    return end_of_quiet(at, begins=reader.quiet_from, ends=reader.quiet_until)
