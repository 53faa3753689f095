"""What the biller platform's refusals mean to us: one table, closed by default (docs/biller_api.md)."""

import logging
from dataclasses import dataclass
from enum import Enum

logger = logging.getLogger(__name__)


class BillerError(Exception):
    """The parent of everything this gateway raises."""


class BillerRefused(BillerError):
    """
    This request did nothing, and repeating it will not help.

    It says nothing about an earlier request with the same number, which a query settles.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PaymentMissing(BillerError):
    """The platform has not heard of this number (yet): send it again, under the same number."""


class BillerBusy(BillerError):
    """The platform did not take the request: nothing happened, the same one may be sent again."""


class BillerUnknown(BillerError):
    """The platform may or may not have acted: query with the same number, never take a new one."""


class InvalidSignature(BillerError):
    """Not proven to come from the platform. The text is one of a few short phrases, fit for counting."""


class UnreadableNotice(BillerError):
    """Proven, but a field is missing or of another type than the document promises."""


class Reaction(Enum):
    RETRY = "retry"  # nothing happened: the same again later
    REFUSE = "refuse"  # nothing happened: tell the customer
    ALARM = "alarm"  # nothing happened: tell the customer, and somebody of ours must do something
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ErrorRow:
    code: str
    reaction: Reaction
    reason: str


TABLE = [
    ErrorRow("RATE_LIMITED", Reaction.RETRY, "too many requests in a short time"),
    ErrorRow("BUSY", Reaction.RETRY, "the platform takes nothing at the moment"),
    ErrorRow("SYSTEM_ERROR", Reaction.UNKNOWN, "the platform does not know either"),
    ErrorRow("ACCOUNT_UNKNOWN", Reaction.REFUSE, "the biller has no such account"),
    ErrorRow("NO_BILL", Reaction.REFUSE, "nothing is owed"),
    ErrorRow("CARD_INVALID", Reaction.REFUSE, "nobody's card has this number"),
    ErrorRow("CARD_NOT_SUPPORTED", Reaction.REFUSE, "a debit card, or of a bank that takes no part"),
    ErrorRow("HOLDER_MISMATCH", Reaction.REFUSE, "the card is somebody else's"),
    ErrorRow("AMOUNT_NOT_DUE", Reaction.REFUSE, "the bill is for another amount"),
    ErrorRow("AMOUNT_OUT_OF_RANGE", Reaction.REFUSE, "less or more than the biller takes"),
    ErrorRow("CARD_RELEASED", Reaction.ALARM, "we and the platform disagree about a card"),
    ErrorRow("BILLER_UNKNOWN", Reaction.ALARM, "our catalogue names a biller that the platform has not"),
    ErrorRow("INVALID_REQUEST", Reaction.ALARM, "we sent something that the platform cannot read"),
    ErrorRow("BAD_SIGNATURE", Reaction.ALARM, "our key or secret is wrong"),
    ErrorRow("STALE", Reaction.ALARM, "our clock is wrong"),
    ErrorRow("REPLAYED", Reaction.ALARM, "we used a nonce twice"),
    ErrorRow("NUMBER_REUSED", Reaction.UNKNOWN, "another payment has our number: somebody must look"),
]
_ROWS = {row.code: row for row in TABLE}


def read_refusal(*, status: int, code: str) -> BillerError:
    """
    The exception that a proven answer other than 2xx stands for.

    What the table does not know is unknown: a new code must not read as "nothing happened".
    """
    if code == "PAYMENT_UNKNOWN":
        return PaymentMissing(code)
    row = _ROWS.get(code)
    if row is None or row.reaction in {Reaction.ALARM, Reaction.UNKNOWN}:
        reason = row.reason if row else "a code that nobody knows"
        logger.error("payments.billers.alarm", extra={"status": status, "code": code, "reason": reason})
    if row is None or row.reaction is Reaction.UNKNOWN:
        return BillerUnknown(f"{status} {code or 'without a code'}")
    if row.reaction is Reaction.RETRY:
        return BillerBusy(f"{status} {code}")
    return BillerRefused(code)
