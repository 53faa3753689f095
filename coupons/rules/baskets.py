"""What somebody is about to buy, by value: all that the rules of growth know of an order."""

from dataclasses import dataclass
from typing import Any

from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class BasketLine:
    """`amount` fen for all `quantity` pieces of one item."""

    sku: str
    amount: Fen
    quantity: int = 1


@dataclass(frozen=True, kw_only=True)
class Basket:
    """
    `amount` fen at `place` (store:renmin, shop:web-shop), of a `kind` (STORE, SHOP). Lines are there where
    the seller told what is in it; they need not add up to the amount.
    """

    amount: Fen
    place: str
    kind: str
    lines: tuple[BasketLine, ...] = ()

    @property
    def items(self) -> list[dict[str, Any]]:
        """Its lines as they are kept."""
        return [{"sku": line.sku, "amount": line.amount, "quantity": line.quantity} for line in self.lines]
