"""What is charged, what will be, and what was."""

from datetime import datetime

from wallet.models import FeeSchedule


def schedule_in_force(kind: str, *, tier: str = "", at: datetime) -> FeeSchedule:
    """
    The row by which this kind of move is charged at a moment: the tier's own, or else everybody's.

    :raises FeeSchedule.DoesNotExist: nobody has ever said what it costs
    """
    rows = FeeSchedule.objects.filter(kind=kind, tier__in={tier, ""}, effective_from__lte=at)
    found = rows.order_by("-tier", "-effective_from", "-id").first()
    if found is None:
        raise FeeSchedule.DoesNotExist(kind)
    return found
