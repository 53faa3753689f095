"""What keeps an account from being closed, and the lines along which a closure moves."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from wallet_project.kit.money import ZERO, Fen


class BlockerKind(StrEnum):
    WAIT = "WAIT"
    """Something must come to its end first."""
    TAKE_ALONG = "TAKE_ALONG"
    """Own money that must leave first."""
    GIVE_UP = "GIVE_UP"
    """Money that blocks nobody who agrees to lose exactly it."""


@dataclass(frozen=True, kw_only=True)
class Blocker:
    """
    One reason why an account cannot be closed now, in words its owner can act upon.

    `where` is the API path that shows or clears it.
    """

    code: str
    title: str
    how: str
    where: str
    kind: BlockerKind = BlockerKind.WAIT
    amount: Fen = ZERO


def what_must_end(blockers: Collection[Blocker]) -> list[Blocker]:
    """Those that no consent removes."""
    return [blocker for blocker in blockers if blocker.kind is not BlockerKind.GIVE_UP]


def what_is_given_up(blockers: Collection[Blocker]) -> Fen:
    """What whoever leaves now agrees to lose."""
    return Fen(sum(blocker.amount for blocker in blockers if blocker.kind is BlockerKind.GIVE_UP))


def what_is_left(blockers: Collection[Blocker]) -> Fen:
    """All the money that somebody would leave behind or take along."""
    return Fen(sum(blocker.amount for blocker in blockers if blocker.kind is not BlockerKind.WAIT))


class ClosureState(StrEnum):
    OPEN = "OPEN"
    """The reason is told; what blocks is being cleared."""
    COOLING = "COOLING"
    """Confirmed with proof; closes by itself when its time is over, unless it is cancelled."""
    CANCELLED = "CANCELLED"
    LAPSED = "LAPSED"
    """Told and never confirmed."""
    REFUSED = "REFUSED"
    """When its time was over something blocked that had not been there before."""
    CLOSED = "CLOSED"


CLOSURE_MOVES = {
    ClosureState.OPEN: {ClosureState.COOLING, ClosureState.CANCELLED, ClosureState.LAPSED},
    ClosureState.COOLING: {ClosureState.CLOSED, ClosureState.CANCELLED, ClosureState.REFUSED},
}
LIVE = tuple(CLOSURE_MOVES)
