"""How much of a customer's own money can go back to where it came from."""

from datetime import datetime

from payments.selectors.payouts import refundable_top_ups
from wallet.selectors.balances import balance_of, own_money_of
from wallet_project.kit.money import ZERO, Fen


def coverage_of(user_id: int, *, at: datetime) -> Fen:
    """Own free money, as far as it came from top-ups that WeChat still refunds; in four queries."""
    sources = sum(max(source.left, ZERO) for source in refundable_top_ups(user_id, at=at))
    own = own_money_of(user_id, balance=balance_of(user_id), at=at)
    return Fen(min(own.sendable, sources))
