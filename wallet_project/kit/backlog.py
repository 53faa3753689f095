"""What waits between a commit and its effects, and what died on the way: deliveries of events, and jobs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from wallet_project.kit.models import Delivery, DeliveryState, Job, JobState


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """So many are waiting, of which the first is due at `oldest`; dead are so many, by listener or task."""

    waiting: int
    oldest: datetime | None
    dead: Mapping[str, int]


def deliveries() -> Backlog:
    """One query over the indexes of live rows: they are few, whatever was delivered before."""
    live = Delivery.objects.filter(state__in=(DeliveryState.WAITING, DeliveryState.DEAD))
    return _counted(live, by="listener", dead=DeliveryState.DEAD)


def jobs() -> Backlog:
    """One query; what is done has no row."""
    return _counted(Job.objects.all(), by="task", dead=JobState.DEAD)


def _counted(rows: QuerySet, *, by: str, dead: str) -> Backlog:
    waiting, oldest, died = 0, None, {}
    for state, name, count, first in rows.values_list("state", by).annotate(Count("pk"), Min("available_at")):
        if state == dead:
            died[name] = count
        else:
            waiting, oldest = waiting + count, min(first, oldest or first)
    return Backlog(waiting=waiting, oldest=oldest, dead=died)
