"""What one offer is worth for a basket that it applies to."""

from coupons.rules.baskets import Basket
from coupons.rules.eligibility import amount_in_scope
from coupons.rules.offers import BY_RATE, CouponKind, Terms
from wallet_project.kit.money import Fen, basis_points


def worth_of(terms: Terms, basket: Basket) -> Fen:
    """Fen off, or, of CASHBACK, fen back after paying: never more than what it is about, or than its most."""
    inside = amount_in_scope(terms, basket)
    if terms.kind in BY_RATE:
        return Fen(min(basis_points(inside, terms.rate), terms.amount))
    if terms.kind == CouponKind.GIFT:
        pieces = [line.amount // line.quantity for line in basket.lines if line.sku in terms.items]
        return Fen(min(max(pieces, default=0), inside, terms.amount))
    return Fen(min(inside, terms.amount))
