"""The tables, so that Django finds them."""

from wallet_project.analytics.models.alerts import Alert, AlertTelling
from wallet_project.analytics.models.anomalies import WatchedMetric
from wallet_project.analytics.models.events import Activity, Event, EventFeed, Journey, UnreadEvent
from wallet_project.analytics.models.figures import Figure
from wallet_project.analytics.models.targets import Target
from wallet_project.analytics.models.watched_segments import WatchedSegment

__all__ = [
    "Activity",
    "Alert",
    "AlertTelling",
    "Event",
    "EventFeed",
    "Figure",
    "Journey",
    "Target",
    "UnreadEvent",
    "WatchedMetric",
    "WatchedSegment",
]
