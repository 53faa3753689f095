"""To which top-ups a customer's own money goes back at WeChat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from wallet_project.kit.money import ZERO, Fen

_Lot = TypeVar("_Lot", bound="OwnLot")


@dataclass(frozen=True, kw_only=True)
class OwnLot:
    """A lot of own money in the wallet, and how many fen of it can leave."""

    lot_id: int
    left: Fen


@dataclass(frozen=True, kw_only=True)
class Source(OwnLot):
    """That of a paid top-up, which can go back to its payment."""

    payment_id: int


def spread(amount: Fen, over: Sequence[_Lot]) -> list[tuple[_Lot, Fen]]:
    """Take an amount out of what these can give back, in their order, as far as it goes."""
    parts, rest = [], amount
    for source in over:
        part = Fen(min(rest, max(source.left, ZERO)))
        if part:
            parts.append((source, part))
            rest = Fen(rest - part)
    return parts
