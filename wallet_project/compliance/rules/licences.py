"""How a licence stands on a day."""

from datetime import date, timedelta

from django.db.models import TextChoices

WARN = timedelta(days=90)


class LicenceState(TextChoices):
    COMING = "COMING", "未生效"
    VALID = "VALID", "有效"
    EXPIRING = "EXPIRING", "即将到期"
    EXPIRED = "EXPIRED", "已过期"


def state_of(*, valid_from: date, valid_until: date | None, today: date) -> LicenceState:
    """Good on the last day, gone on the next; without a last day good for ever."""
    if today < valid_from:
        return LicenceState.COMING
    if valid_until is None or today + WARN < valid_until:
        return LicenceState.VALID
    return LicenceState.EXPIRING if today <= valid_until else LicenceState.EXPIRED
