"""What others may hear from the wallet."""

from dataclasses import dataclass

from wallet_project.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class TopUpCredited(Event):
    """`amount` fen have arrived in the principal of this user's wallet."""

    name = "wallet.top_up.credited"

    number: str
    user_id: int
    amount: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"
