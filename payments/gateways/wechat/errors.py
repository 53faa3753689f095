"""What WeChat Pay's refusals mean to us: one table, closed by default."""

import logging
from dataclasses import dataclass
from enum import Enum

logger = logging.getLogger(__name__)


class WeChatError(Exception):
    """The parent of everything this gateway raises."""


class WeChatRefused(WeChatError):
    """
    This request did nothing, and repeating it will not help.

    It says nothing about an earlier request with the same number, which a query or a close settles.
    `is_ours`: something must change on our side, and the same request may then be sent again.
    """

    def __init__(self, *, code: str, message: str, status: int, is_ours: bool = False) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.is_ours = is_ours


class AlreadyPaid(WeChatError):
    """The order under this number is paid: query it."""


class OrderMissing(WeChatError):
    """WeChat has no order under this number, so nobody can have paid it."""


class RefundMissing(WeChatError):
    """WeChat has no refund under this number, so it may be asked for (again), with the same number."""


class StatementMissing(WeChatError):
    """There is no bill of this day, because there was no business."""


class StatementCreating(WeChatError):
    """The bill of this day is still being made: ask again later."""


class InvalidBill(WeChatError):
    """What was downloaded is not the bill: nothing of it may be used. The text is short, for people."""


class TransferMissing(WeChatError):
    """
    WeChat has no transfer under this number now. A request that is still on its way could yet make one: it
    proves that there will be none when the last one we sent is too old to be accepted.
    """


class WeChatUnreachable(WeChatError):
    """WeChat did not take the request: nothing happened, the same one may be sent again."""


class RateLimited(WeChatUnreachable):
    """WeChat asks us to slow down; nothing happened."""


class WeChatResting(WeChatUnreachable):
    """This API has failed too often: WeChat was not asked, and will not be for so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("not asked: it has failed too often")
        self.seconds = seconds


class WeChatUnknown(WeChatError):
    """
    WeChat may or may not have acted: query with the same number, never take a new one.

    `repeatable`: the same request may be sent again at once, since every write is re-entrant by its number.
    """

    def __init__(self, reason: str, *, repeatable: bool = False) -> None:
        super().__init__(reason)
        self.repeatable = repeatable


class InvalidSignature(WeChatError):
    """
    Not proven to come from WeChat: probes (签名探测) and forgeries end here alike, unopened.

    The text is one of a few short phrases, fit for counting.
    """


class CannotDecrypt(WeChatError):
    """WeChat signed it, yet it does not open: most often an APIv3 key that was changed on one side only."""


class UnreadableNotice(WeChatError):
    """Opened, but a field is missing or of another type than the documents promise."""


class Reaction(Enum):
    RETRY = "not taken: the same request again, later"
    UNKNOWN = "may have been taken: the same request again, then query"
    REFUSE = "not done"
    ALARM = "not done, and somebody here must change something"


@dataclass(frozen=True)
class ErrorRow:
    code: str
    reaction: Reaction
    reason: str
    raises: type[AlreadyPaid | OrderMissing | StatementMissing | StatementCreating] | None = None


# WeChat Pay v3 doc 4012791856 (prepay), 4012791858 (query), 4012791862 (refund), 4012716434 (transfer) and
# table 55043768641.
TABLE = [
    ErrorRow("SYSTEM_ERROR", Reaction.UNKNOWN, "WeChat asks to try again with the same number"),
    ErrorRow("BANK_ERROR", Reaction.UNKNOWN, "the bank behind WeChat did not answer"),
    ErrorRow("FREQUENCY_LIMITED", Reaction.RETRY, "too many requests in a short time"),
    ErrorRow("RATELIMIT_EXCEEDED", Reaction.RETRY, "the older name of the same"),
    ErrorRow("ORDER_PAID", Reaction.REFUSE, "paid before we closed or asked again", raises=AlreadyPaid),
    ErrorRow("ORDER_NOT_EXIST", Reaction.REFUSE, "WeChat never made this order", raises=OrderMissing),
    ErrorRow("NO_STATEMENT_EXIST", Reaction.REFUSE, "no business on that day", raises=StatementMissing),
    ErrorRow("STATEMENT_CREATING", Reaction.REFUSE, "the bill is being made", raises=StatementCreating),
    ErrorRow("ORDER_CLOSED", Reaction.REFUSE, "this number is closed for good"),
    ErrorRow("INVALID_REQUEST", Reaction.REFUSE, "against the rules of this order or refund"),
    ErrorRow("RULE_LIMIT", Reaction.REFUSE, "WeChat's risk control says no"),
    ErrorRow("TRADE_ERROR", Reaction.REFUSE, "this person cannot pay here now"),
    ErrorRow("ACCOUNT_ERROR", Reaction.REFUSE, "the payer's account cannot pay"),
    ErrorRow("USER_ACCOUNT_ABNORMAL", Reaction.REFUSE, "the payer's account is closed: refund another way"),
    ErrorRow("RESOURCE_NOT_EXISTS", Reaction.REFUSE, "nothing under this name"),
    ErrorRow("NOT_FOUND", Reaction.REFUSE, "no transfer under this number"),
    ErrorRow("ALREADY_EXISTS", Reaction.ALARM, "our number is taken, by a request that said something else"),
    ErrorRow("NOT_ENOUGH", Reaction.ALARM, "our merchant account is empty; top up, then the same number"),
    ErrorRow("OUT_TRADE_NO_USED", Reaction.ALARM, "another business of this merchant used our number"),
    ErrorRow("PARAM_ERROR", Reaction.ALARM, "we sent something that WeChat cannot read"),
    ErrorRow("SIGN_ERROR", Reaction.ALARM, "our key, serial number or clock is wrong"),
    ErrorRow("NO_AUTH", Reaction.ALARM, "this product is not granted to our merchant"),
    ErrorRow("APPID_MCHID_NOT_MATCH", Reaction.ALARM, "our app and our merchant are not bound"),
    ErrorRow("MCH_NOT_EXISTS", Reaction.ALARM, "our merchant number is wrong"),
]
# The documents spell codes with and without underscores.
_ROWS = {row.code.replace("_", ""): row for row in TABLE}


def read_failure(*, status: int, code: str, message: str, request_id: str) -> WeChatError:
    """
    The exception that an answer other than 2xx stands for.

    What the table does not know is unknown: a new code must not read as "nothing happened".
    """
    row = _ROWS.get(code.replace("_", ""))
    facts = {
        "status": status,
        "wechat_code": code,
        "said": message,
        "wechat_request_id": request_id,
    }
    if status >= 500:
        return WeChatUnknown(f"{status} {code}", repeatable=True)
    if status == 429 or (row and row.reaction is Reaction.RETRY):
        return RateLimited(f"{status} {code}")
    if row is None:
        logger.error("payments.wechat.unknown_code", extra=facts)
        return WeChatUnknown(f"{status} {code or 'without a code'}")
    if row.reaction is Reaction.UNKNOWN:
        return WeChatUnknown(f"{status} {code}", repeatable=True)
    if row.reaction is Reaction.ALARM:
        logger.error("payments.wechat.alarm", extra={**facts, "reason": row.reason})
    if row.raises:
        return row.raises(f"{status} {code}: {message}")
    is_ours = row.reaction is Reaction.ALARM
    return WeChatRefused(code=row.code, message=message, status=status, is_ours=is_ours)
