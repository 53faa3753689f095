"""To which top-ups a customer's own money goes back at WeChat."""

from collections.abc import Sequence
from dataclasses import dataclass

from wallet_project.kit.money import ZERO, Fen


@dataclass(frozen=True, kw_only=True)
class Source:
    """A paid top-up: its payment, its lot in the wallet, and how many fen of it can go back."""

    payment_id: int
    lot_id: int
    left: Fen


def spread(amount: Fen, over: Sequence[Source]) -> list[tuple[Source, Fen]]:
    """Take an amount out of what these can give back, in their order, as far as it goes."""
    parts, rest = [], amount
    for source in over:
        part = Fen(min(rest, max(source.left, ZERO)))
        if part:
            parts.append((source, part))
            rest = Fen(rest - part)
    return parts
