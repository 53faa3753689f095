"""Whether a real person has had something, by whichever account."""

from accounts.selectors.traits import traits_of
from coupons.models import PersonClaim
from coupons.rules.real_people import CUSTOMER, hashed_as
from wallet_project.kit.crypto import blind_indexes


def is_had_by_another(*, user_id: int, of: str) -> bool:
    """Whether `claim_person` would refuse this account: five queries."""
    mine = [
        each for kind, value in traits_of(user_id) for each in blind_indexes(value, purpose=hashed_as(kind))
    ]
    others = PersonClaim.objects.filter(purpose__in=[of, CUSTOMER], trait_hash__in=mine).exclude(user=user_id)
    return others.exists()
