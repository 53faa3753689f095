"""Two people who know of each other what they must, so that one can pay the other."""

from dataclasses import dataclass

from accounts.rules.nicknames import name_in_words
from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class Party:
    """One side of a payment between people, with as much of their name as the other side reads."""

    user_id: int
    wallet_id: int
    uid: str
    nickname: str
    name_masked: str | None

    @property
    def shown(self) -> str:
        return name_in_words(self.nickname, self.name_masked)

    @property
    def counterparty(self) -> str:
        """As records name them."""
        return f"user:{self.uid}"


@dataclass(frozen=True, kw_only=True)
class Introduction:
    """
    What a payee token stands for: who pays, whom they were shown, and what that person asked for.

    `amount` is the only amount that may be paid, None: any. `request` is the number of the request that the
    payment answers.
    """

    payer: Party
    payee: Party
    amount: Fen | None = None
    request: str = ""
