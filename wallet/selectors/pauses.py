"""Whether money moves."""

from django.core.cache import caches

from wallet.models import Pause, PauseScope

_SECONDS = 3  # how long a process may not know of a pause, or of its end


def open_pause() -> Pause | None:
    """The pause that money stands still for; None: it moves."""
    return Pause.objects.filter(scope=PauseScope.MONEY, lifted_at=None).first()


def money_is_paused() -> bool:
    """The same, as this process last heard; three seconds old at most."""
    return bool(
        caches["process"].get_or_set(
            "wallet.money_is_paused", lambda: open_pause() is not None, timeout=_SECONDS
        )
    )


def look_again() -> None:
    """Something has changed: this process asks the table next time."""
    caches["process"].delete("wallet.money_is_paused")
