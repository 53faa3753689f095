"""What analytics holds about a person, for them to take along."""

from collections.abc import Iterator

from wallet_project.analytics.models import Activity, Event, Journey
from wallet_project.kit.personal_data import Section, section


def personal_data(user_id: int) -> Iterator[Section]:
    yield section(Event.objects.filter(user=user_id).order_by("at", "key"), "at", "name", "properties")
    yield section(Activity.objects.filter(user=user_id).order_by("day"), "day", "acts", "paid", "topped_up")
    yield section(
        Journey.objects.filter(user=user_id), "registered_on", "phone_on", "topped_up_on", "paid_on"
    )
