"""Which way own money goes out: back to where it came from, and by merchant transfer where it cannot."""

from collections.abc import Sequence
from dataclasses import dataclass

from payments.rules.payouts import OwnLot, Source, spread
from payments.rules.transfers import LEAST
from wallet.rules.withdrawals import WithdrawalWay
from wallet_project.kit.money import ZERO, Fen


@dataclass(frozen=True, kw_only=True)
class Exits:
    """
    What a customer's own money can leave by, in fen. `sources` are top-ups that WeChat refunds, the oldest
    first. `others` are lots that can only be transferred, `lots` all that may be. `most` is what one transfer
    may carry; zero: there are no transfers. `free` is what nothing keeps in the wallet.
    """

    free: Fen
    sources: Sequence[Source]
    others: Sequence[OwnLot]
    most: Fen

    def lots(self) -> list[OwnLot]:
        return [*self.others, *self.sources]


@dataclass(frozen=True, kw_only=True)
class Route:
    """`refund` fen go back to the sources, the oldest first; `transfer` fen are taken from these lots."""

    refund: Fen
    transfer: Fen
    take: tuple[tuple[int, Fen], ...] = ()


def available(exits: Exits, way: str) -> Fen:
    """The most that one withdrawal may take out this way."""
    if way == WithdrawalWay.TRANSFER:
        return _within(exits.free, exits.most, _sum(exits.lots()))
    return Fen(min(exits.free, _sum(exits.sources) + _transferable(exits)))


def plan_route(amount: Fen, exits: Exits, way: str) -> Route | None:
    """None: so much cannot leave this way."""
    if not 0 < amount <= available(exits, way):
        return None
    if way == WithdrawalWay.TRANSFER:
        return None if amount < LEAST else _route(ZERO, amount, exits.lots())
    refund = Fen(min(amount, _sum(exits.sources)))
    rest = Fen(amount - refund)
    if not rest:
        return Route(refund=refund, transfer=ZERO)
    # WeChat transfers no less than a tenth of a yuan: so much, then, and the less is refunded.
    rest = Fen(max(rest, LEAST))
    return None if rest > amount else _route(Fen(amount - rest), rest, exits.others)


def _route(refund: Fen, transfer: Fen, lots: Sequence[OwnLot]) -> Route:
    take = tuple((lot.lot_id, part) for lot, part in spread(transfer, lots))
    return Route(refund=refund, transfer=transfer, take=take)


def _transferable(exits: Exits) -> Fen:
    """Of what cannot be refunded; too little for a transfer is nothing."""
    amount = _within(exits.most, _sum(exits.others))
    return amount if amount >= LEAST else ZERO


def _sum(lots: Sequence[OwnLot]) -> Fen:
    return Fen(sum(max(lot.left, ZERO) for lot in lots))


def _within(*amounts: Fen) -> Fen:
    return Fen(max(min(amounts), ZERO))
