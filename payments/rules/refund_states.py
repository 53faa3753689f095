"""
Refunds move along these lines and no others.

    REQUESTED → PROCESSING → SUCCESS | CLOSED | ABNORMAL     WeChat may leave out PROCESSING
    REQUESTED → CLOSED                                       it also refuses for good
    ABNORMAL → SUCCESS | CLOSED                              once somebody helped it on in WeChat's portal
"""

from enum import StrEnum


class RefundState(StrEnum):
    REQUESTED = "REQUESTED"
    """Ours: WeChat has not accepted it yet, or has not answered."""
    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    CLOSED = "CLOSED"
    """It did not happen: the money may be given back under a new number."""
    ABNORMAL = "ABNORMAL"
    """The money left the merchant but cannot reach the payer: a person helps it on at WeChat."""


REFUND_MOVES = {
    RefundState.REQUESTED: {
        RefundState.PROCESSING,
        RefundState.SUCCESS,
        RefundState.CLOSED,
        RefundState.ABNORMAL,
    },
    RefundState.PROCESSING: {RefundState.SUCCESS, RefundState.CLOSED, RefundState.ABNORMAL},
    RefundState.ABNORMAL: {RefundState.SUCCESS, RefundState.CLOSED},
}
UNDECIDED = tuple(REFUND_MOVES)

# WeChat's codes for what waiting does not change: too old, too much, too often, or nobody there to take it
# (doc 4012791862). Its other refusals are about us and pass: an empty account, a key, a permission.
REFUSED_FOR_GOOD = {
    "INVALID_REQUEST",
    "RULE_LIMIT",
    "TRADE_ERROR",
    "ACCOUNT_ERROR",
    "USER_ACCOUNT_ABNORMAL",
    "RESOURCE_NOT_EXISTS",
}
