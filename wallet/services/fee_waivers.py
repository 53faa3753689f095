"""A higher app spares somebody a fee, and may take that back before it is used."""

from collections.abc import Collection
from datetime import datetime

from wallet.models import FeeWaiver, Quote, QuoteState
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


def grant_waiver(
    *,
    number: str,
    user_id: int,
    kinds: Collection[str],
    most: Fen,
    valid_from: datetime,
    expires_at: datetime,
) -> None:
    """
    The next quote of this user for such a move costs up to `most` fen less. When the fee was spared, and when
    it was not after all, FeeSpared and FeeSparedNot tell so, under this number.

    Must be called in the transaction that decided so; does nothing the second time.
    """
    require_transaction()
    FeeWaiver.objects.get_or_create(
        number=number,
        defaults={
            "user_id": user_id,
            "kinds": sorted(kinds),
            "most": most,
            "valid_from": valid_from,
            "expires_at": expires_at,
        },
    )


def renew_waiver(*, number: str, expires_at: datetime) -> None:
    """
    What was granted under this number, and spared nobody a fee, counts again until then.

    Must be called in the transaction that decided so.
    """
    require_transaction()
    FeeWaiver.objects.filter(number=number).update(ended_at=None, expires_at=expires_at)


def take_back_waiver(*, number: str, at: datetime) -> None:
    """
    It spares nobody a fee any more, and an open quote that counts on it is none.

    Must be called in the transaction that decided so; what a move has taken already stays.
    """
    require_transaction()
    FeeWaiver.objects.filter(number=number, ended_at=None).update(ended_at=at)
    Quote.objects.filter(waiver__number=number, state=QuoteState.OPEN).update(state=QuoteState.LAPSED)
