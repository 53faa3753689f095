"""What keeps an account from being closed, and how a closure moves on."""

from dataclasses import dataclass

from wallet_project.kit.money import ZERO, Fen


@dataclass(frozen=True, kw_only=True)
class Blocker:
    """
    One reason why an account cannot be closed now, in words its owner can act upon.

    `where` is the API path that shows or clears it. Fen that `may_be_given_up` block nobody who agrees to
    lose exactly them.
    """

    code: str
    title: str
    how: str
    where: str
    amount: Fen = ZERO
    may_be_given_up: bool = False
