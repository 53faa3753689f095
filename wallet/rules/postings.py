"""The legs of every move of money, in one place. Credit-positive; they sum to zero unless it says so."""

from dataclasses import dataclass

from wallet_project.kit.money import Fen


@dataclass(frozen=True)
class Leg:
    """What one account gains (positive) or gives (negative); with a wallet it is that customer's account."""

    code: str
    amount: int
    wallet_id: int | None = None


def top_up_legs(*, wallet_id: int, amount: Fen) -> list[Leg]:
    """WeChat collected it for us, we owe it to the customer."""
    return [Leg("wechat_clearing", -amount), Leg("principal", amount, wallet_id)]


def order_payment_legs(*, balance: Fen, channel: Fen) -> list[Leg]:
    """
    An order is paid: `channel` by WeChat, `balance` by the hold that is captured with these legs.

    They sum to `balance`; with a balance of zero they are a whole journal of their own.
    """
    sale = Leg("merchant_sales", balance + channel)
    return [Leg("wechat_clearing", -channel), sale] if channel else [sale]


def suspense_in_legs(*, amount: Fen) -> list[Leg]:
    """WeChat collected money that is nobody's yet: a wrong amount, a closed order, an unknown number."""
    return [Leg("wechat_clearing", -amount), Leg("suspense", amount)]


def suspense_refund_legs(*, amount: Fen) -> list[Leg]:
    """WeChat gave it back to whoever paid it."""
    return [Leg("suspense", -amount), Leg("wechat_clearing", amount)]
