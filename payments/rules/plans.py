"""How an order will be paid: balance first, WeChat for the rest."""

from dataclasses import dataclass
from enum import StrEnum

from wallet_project.kit.money import ZERO, Fen


class PayMethod(StrEnum):
    BALANCE = "balance"
    WECHAT = "wechat"
    COMBINED = "combined"


@dataclass(frozen=True)
class PaymentPlan:
    """What comes from where, in fen."""

    balance: Fen
    channel: Fen


def plan_payment(*, total: Fen, available: Fen, method: PayMethod) -> PaymentPlan:
    """
    Split a total over its sources; the parts always add up to it.

    `balance` takes everything from the wallet, whether or not it is there: placing the hold decides that.
    `combined` takes what the wallet has and asks WeChat for the rest.
    """
    match method:
        case PayMethod.BALANCE:
            from_balance = total
        case PayMethod.WECHAT:
            from_balance = ZERO
        case PayMethod.COMBINED:
            from_balance = Fen(max(0, min(available, total)))
    return PaymentPlan(balance=from_balance, channel=Fen(total - from_balance))
