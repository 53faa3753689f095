"""What staff are alerted of now."""

from django.db.models import Count, Q

from wallet_project.analytics.models import Alert
from wallet_project.analytics.rules.alerts import Severity

OPEN = Q(closed_at=None)


def open_alerts(limit: int) -> list[Alert]:
    """The most severe first, then what happened last."""
    return list(Alert.objects.filter(OPEN).order_by("-severity", "-last_at")[:limit])


def open_by_severity() -> dict[Severity, int]:
    """How many are open, of each severity; those without one, too."""
    counted = Alert.objects.filter(OPEN).values_list("severity").annotate(Count("pk"))
    return dict.fromkeys(Severity, 0) | {Severity(severity): count for severity, count in counted}
