"""Which looks at personal data deserve a second look."""

from datetime import datetime, timedelta

FIRST_HOUR, LAST_HOUR = 8, 20
SPREE = 5
SPREE_WITHIN = timedelta(minutes=10)


def oddities_of(*, at: datetime, recent: int) -> list[str]:
    """`at` in local time; `recent` counts the looks of the last SPREE_WITHIN, this one included."""
    odd = []
    if not FIRST_HOUR <= at.hour < LAST_HOUR:
        odd.append("off_hours")
    if recent >= SPREE:
        odd.append("spree")
    return odd
