"""Does what WeChat says it received belong to what we asked for?"""

from dataclasses import dataclass
from enum import StrEnum


class CaseKind(StrEnum):
    LATE_PAYMENT = "LATE_PAYMENT"
    DOUBLE_PAYMENT = "DOUBLE_PAYMENT"
    AMOUNT_MISMATCH = "AMOUNT_MISMATCH"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    PAYER_MISMATCH = "PAYER_MISMATCH"
    MERCHANT_MISMATCH = "MERCHANT_MISMATCH"
    REFUNDED_ELSEWHERE = "REFUNDED_ELSEWHERE"
    UNKNOWN_ORDER = "UNKNOWN_ORDER"
    UNREADABLE_NOTICE = "UNREADABLE_NOTICE"
    UNKNOWN_REFUND = "UNKNOWN_REFUND"
    REFUND_MISMATCH = "REFUND_MISMATCH"
    REFUND_ABNORMAL = "REFUND_ABNORMAL"
    REFUND_REFUSED = "REFUND_REFUSED"
    REFUND_UNCLAIMED = "REFUND_UNCLAIMED"
    UNKNOWN_TRANSFER = "UNKNOWN_TRANSFER"
    TRANSFER_MISMATCH = "TRANSFER_MISMATCH"
    TRANSFER_UNDECIDED = "TRANSFER_UNDECIDED"
    UNKNOWN_BILL = "UNKNOWN_BILL"
    BILL_MISMATCH = "BILL_MISMATCH"
    BILL_UNCLAIMED = "BILL_UNCLAIMED"
    SHIPPING_REFUSED = "SHIPPING_REFUSED"
    WECHAT_WARNING = "WECHAT_WARNING"


# The money came and nobody can be given anything for it: it goes back by itself.
REFUNDED_AUTOMATICALLY = {CaseKind.LATE_PAYMENT, CaseKind.DOUBLE_PAYMENT}


@dataclass(frozen=True)
class Expected:
    """What we asked WeChat for. No openid: the payer has left, and nobody remembers who they were."""

    appid: str
    mchid: str
    amount: int
    openid: str | None


@dataclass(frozen=True)
class Received:
    """What WeChat says."""

    appid: str
    mchid: str
    amount: int | None
    currency: str | None
    openid: str | None


def is_ours(*, received: Received, appid: str, mchid: str) -> bool:
    """Whether the money went to our merchant account at all."""
    return received.mchid == mchid and received.appid == appid


def mismatch(*, expected: Expected, received: Received) -> CaseKind | None:
    """The first thing that differs, or None when all is as asked."""
    if not is_ours(received=received, appid=expected.appid, mchid=expected.mchid):
        return CaseKind.MERCHANT_MISMATCH
    if received.currency != "CNY":
        return CaseKind.CURRENCY_MISMATCH
    if received.amount != expected.amount:
        return CaseKind.AMOUNT_MISMATCH
    if expected.openid is not None and received.openid != expected.openid:
        return CaseKind.PAYER_MISMATCH
    return None
