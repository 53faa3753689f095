"""What somebody has bought, by value."""

from dataclasses import dataclass
from datetime import datetime

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
