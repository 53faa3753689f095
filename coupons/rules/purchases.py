"""What somebody has bought, by value."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from coupons.rules.baskets import Basket
from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class Bought:
    """
    A paid order: what was in it, and how many fen of which money paid for it; the rest was discount, reserved
    under `redemption`.
    """

    user_id: int
    reference: str
    basket: Basket
    title: str
    place_name: str
    own: Fen
    given: Fen
    paid_at: datetime
    redemption: str = ""


@dataclass(frozen=True, kw_only=True)
class Left:
    """What has not gone back of a purchase, in fen, by which its customer is rewarded: `own` of `of_own`."""

    amount: Fen
    of_amount: Fen
    own: Fen
    of_own: Fen

    @property
    def own_share(self) -> Fraction:
        """Of the customer's own money; of none, nothing goes back."""
        return Fraction(self.own, self.of_own) if self.of_own else Fraction(1)

    @property
    def share(self) -> Fraction:
        """Of all that was bought, or of the customer's own money, where less of that is left."""
        return min(Fraction(self.amount, self.of_amount), self.own_share)


def left_of(*, amount: int, returned: int, own: int, returned_own: int) -> Left:
    """After everything that went back so far."""
    return Left(
        amount=Fen(amount - returned), of_amount=Fen(amount), own=Fen(own - returned_own), of_own=Fen(own)
    )
