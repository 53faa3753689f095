"""What coupons does when others speak, and when its own topics do."""

from coupons.services.fee_coupons import return_fee_coupon, use_fee_coupon
from wallet.events import FeeSpared, FeeSparedNot
from wallet_project.kit.events import listens_to
from wallet_project.kit.money import Fen


@listens_to(FeeSpared)
def a_spared_fee_uses_its_coupon(event: FeeSpared) -> None:
    use_fee_coupon(serial=event.number, quote=event.quote, spared=Fen(event.amount))


@listens_to(FeeSparedNot)
def a_fee_not_spared_returns_its_coupon(event: FeeSparedNot) -> None:
    return_fee_coupon(serial=event.number, quote=event.quote)
