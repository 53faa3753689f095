"""What a real person has once, and under which names it is kept."""

from typing import Final

from accounts.selectors.traits import Trait

# What everybody has had who once left: they do not come back as a new customer.
CUSTOMER: Final = "customer"


def coupon_of_new_customers(template_id: int) -> str:
    """A coupon for new customers is for as many people, not accounts."""
    return f"coupon:{template_id}"


def hashed_as(kind: Trait) -> str:
    """The purpose of the hash of a trait of this kind."""
    return f"person.{kind}"
