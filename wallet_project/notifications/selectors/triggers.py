"""What the triggers have set off."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from wallet_project.notifications.models import Occasion
from wallet_project.notifications.rules.triggers import OccasionState, PassReason


@dataclass(kw_only=True)
class Tally:
    """Occasions: told, of these opened, and passed by PassReason."""

    waiting: int = 0
    told: int = 0
    opened: int = 0
    passed: dict[PassReason, int] = field(default_factory=dict)


def tallies(*, since: datetime) -> dict[int, Tally]:
    """Of every trigger that has had occasions since then; one query."""
    counted = (
        Occasion.objects.filter(since__gte=since)
        .values_list("trigger", "state", "why")
        .annotate(occasions=Count("pk"), opened=Count("message__opened_at"))
    )
    found: dict[int, Tally] = {}
    for trigger_id, state, why, occasions, opened in counted:
        tally = found.setdefault(trigger_id, Tally())
        match state:
            case OccasionState.TOLD:
                tally.told, tally.opened = occasions, opened
            case OccasionState.PASSED:
                tally.passed[PassReason(why)] = occasions
            case _:
                tally.waiting = occasions
    return found
