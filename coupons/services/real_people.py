"""One real person gets it once: whichever of their accounts, phones and devices they come with."""

from collections.abc import Iterable

from django.db import connection, transaction

from accounts.selectors.traits import Trait, traits_of
from coupons.models import PersonClaim
from coupons.rules.real_people import CUSTOMER, hashed_as
from wallet_project.kit import clock
from wallet_project.kit.crypto import blind_index, blind_indexes
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen

# One's own rows count as taken again; whoever takes one of these traits at this moment is waited for. In the
# order of the hashes, so that two who share several of them never wait for each other.
_CLAIM = """
    INSERT INTO coupons_personclaim AS had (purpose, trait_hash, user_id, claimed_at)
    SELECT %(purpose)s, mine.trait_hash, %(user)s, %(at)s
    FROM unnest(%(today)s::bytea[]) AS mine (trait_hash)
    WHERE NOT EXISTS (SELECT FROM coupons_personclaim AS earlier
                      WHERE earlier.purpose = ANY(%(purposes)s) AND earlier.trait_hash = ANY(%(every)s)
                        AND earlier.user_id <> %(user)s)
    ORDER BY mine.trait_hash
    ON CONFLICT (purpose, trait_hash) DO UPDATE SET purpose = had.purpose WHERE had.user_id = excluded.user_id
"""


class _SomebodyHadIt(Exception):
    """Undoes what was claimed of the other traits."""


def claim_person(*, user_id: int, of: str) -> bool:
    """
    Whether this account may have what a real person gets once (`of` names it), and from now on nobody else
    with its phone, openid, ID number or one of its devices may. Asked again for it, the answer is the same.

    False: somebody had it by one of these, or was a customer and left. Must be called inside the transaction
    that gives it.
    """
    require_transaction()
    traits = list(traits_of(user_id))
    today = _hashes(traits)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                _CLAIM,
                {
                    "purpose": of,
                    "purposes": [of, CUSTOMER],
                    "user": user_id,
                    "at": clock.now(),
                    "today": today,
                    "every": [
                        each
                        for kind, value in traits
                        for each in blind_indexes(value, purpose=hashed_as(kind))
                    ],
                },
            )
            if not today or cursor.rowcount < len(today):
                raise _SomebodyHadIt
    except _SomebodyHadIt:
        return False
    return True


def remember_who_leaves(*, user_id: int, gives_up: Fen) -> None:
    """As hashes, before what identifies them goes. In the transaction that closes; harmless twice."""
    require_transaction()
    now = clock.now()
    PersonClaim.objects.bulk_create(
        [
            PersonClaim(purpose=CUSTOMER, trait_hash=each, user_id=user_id, claimed_at=now)
            for each in _hashes(traits_of(user_id))
        ],
        ignore_conflicts=True,
    )


def become_one(*, user_id: int, closed_user_id: int) -> None:
    """Two accounts were one person's: what the one had, the other has had, and nobody has left."""
    PersonClaim.objects.filter(user=closed_user_id).update(user=user_id)


def _hashes(traits: Iterable[tuple[Trait, str]]) -> list[bytes]:
    return sorted({blind_index(value, purpose=hashed_as(kind)) for kind, value in traits})
