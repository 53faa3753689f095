"""Messages as text messages."""

from wallet_project.notifications.models import Delivery
from wallet_project.notifications.rules.deliveries import Outcome, Result, SkipReason


def send(_delivery: Delivery) -> Outcome:
    """There is no template for it yet."""
    return Outcome(result=Result.SKIPPED, why=SkipReason.NO_TEMPLATE)
