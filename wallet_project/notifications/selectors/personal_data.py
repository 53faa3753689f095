"""What people were told, and how they wanted to be, for them to take along."""

from collections.abc import Iterator

from wallet_project.kit.personal_data import Section, section
from wallet_project.notifications.models import (
    Message,
    Occasion,
    Preference,
    Reader,
    Recipient,
    SubscribeQuota,
)


def personal_data(user_id: int) -> Iterator[Section]:
    yield section(
        Reader.objects.filter(user=user_id), "language", "has_quiet_hours", "quiet_from", "quiet_until"
    )
    yield section(Preference.objects.filter(user=user_id).order_by("pk"), "category", "channel", "at")
    yield section(
        SubscribeQuota.objects.filter(user=user_id).select_related("template").order_by("pk"),
        "template",
        "left",
    )
    yield section(
        Message.objects.filter(user=user_id).order_by("pk"),
        "number",
        "category",
        "title",
        "body",
        "told_at",
        "read_at",
        "opened_at",
    )
    yield section(
        Occasion.objects.filter(user=user_id).order_by("pk"), "key", "since", "state", "why", "ended_at"
    )
    yield section(Recipient.objects.filter(user=user_id).order_by("pk"), "state", "at", "acted_at")
