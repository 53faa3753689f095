"""Which of a customer's accounts pays, and in which order."""

from dataclasses import dataclass

from django.db.models import TextChoices


@dataclass(frozen=True, kw_only=True)
class SpendOrder:
    """`accounts` pay in this order; where they `share_alike`, each pays its part of what is available."""

    accounts: tuple[str, ...]
    share_alike: bool = False


class Spending(TextChoices):
    """How an order is paid: what was given first, so that own money lasts longest, or all in proportion."""

    GIVEN_FIRST = "given_first"
    IN_PROPORTION = "in_proportion"


_COLOURS = ("cashback", "bonus", "principal")
SPEND_ORDERS = {
    Spending.GIVEN_FIRST: SpendOrder(accounts=_COLOURS),
    Spending.IN_PROPORTION: SpendOrder(accounts=_COLOURS, share_alike=True),
}

# What was given for nothing never leaves the house.
OWN_MONEY = SpendOrder(accounts=("principal",))
