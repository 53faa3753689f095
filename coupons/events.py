"""What others may hear from coupons; its own topics hear it, too."""

from dataclasses import dataclass

from wallet_project.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class PurchaseMade(Event):
    """A customer has bought something and its money is certain; `reference` is that of a Purchase."""

    name = "coupons.purchase.made"
    reference: str
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class PurchaseReturned(Event):
    """A part of a purchase, or the last of it, has gone back; `number` is that of a PurchaseReturn."""

    name = "coupons.purchase.returned"
    reference: str
    number: str
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"
