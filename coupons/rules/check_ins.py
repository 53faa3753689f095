"""Which days can still be made up."""

from collections.abc import Collection
from datetime import date, timedelta

MAKE_UP_DAYS = 7


def missed_days(*, today: date, checked: Collection[date], since: date) -> list[date]:
    """Days of the last week on which somebody who was here already did not check in, the oldest first."""
    days = [today - timedelta(days=back) for back in range(MAKE_UP_DAYS, 0, -1)]
    return [day for day in days if day >= since and day not in checked]
