"""Whether a flow goes on."""

from django.core.cache import caches
from django.db.models import QuerySet

from wallet_project.pauses.models import IMPLIED_BY, Flow, Pause

_SECONDS = 3  # how long a process may not know of a pause, or of its end
_KEY = "pauses.standing"


def open_pauses() -> QuerySet[Pause]:
    """What stands still now, the longest first."""
    return Pause.objects.filter(lifted_at=None).order_by("since")


def is_paused(flow: Flow) -> bool:
    """By a pause of its own or of what it is part of; three seconds old at most."""
    return bool(_standing() & {flow, *IMPLIED_BY.get(flow, ())})


def look_again() -> None:
    """Something has changed: this process asks the table next time."""
    caches["process"].delete(_KEY)


def _standing() -> frozenset[str]:
    standing: frozenset[str] | None = caches["process"].get(_KEY)
    if standing is None:
        standing = frozenset(open_pauses().values_list("flow", flat=True))
        caches["process"].set(_KEY, standing, timeout=_SECONDS)
    return standing
