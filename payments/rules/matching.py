"""Does what WeChat says it received belong to what we asked for?"""

from dataclasses import dataclass

from payments.rules.cases import CaseKind


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
