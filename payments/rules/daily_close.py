"""
A day is closed along these lines and no others.

    WAITING → MATCHED | DIFFERENT       all bills are there and were compared with the ledger
    MATCHED ⇄ DIFFERENT                 compared again; a difference was ended, or found
    MATCHED | DIFFERENT → WAITING       the bills are fetched anew
    MATCHED → LOCKED                    two people have signed it: nothing of it changes any more
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class CloseState(StrEnum):
    WAITING = "WAITING"
    MATCHED = "MATCHED"
    DIFFERENT = "DIFFERENT"
    LOCKED = "LOCKED"


CLOSE_MOVES = {
    CloseState.WAITING: {CloseState.MATCHED, CloseState.DIFFERENT},
    CloseState.MATCHED: {CloseState.DIFFERENT, CloseState.WAITING, CloseState.LOCKED},
    CloseState.DIFFERENT: {CloseState.MATCHED, CloseState.WAITING},
}

# WeChat makes the bills of a day on the next from nine o'clock on and asks to fetch them after ten.
FETCH_FROM = time(10, 15)
LATE_FROM = time(12, 0)
# The business of the last minutes of a day may be booked on the next one, there or here.
CUT_OFF = timedelta(minutes=10)
# WeChat hands bills out for three months.
OLDEST = timedelta(days=90)


class BillKind(StrEnum):
    TRADE = "TRADE"
    FUND_FLOW = "FUND_FLOW"
    """Of the basic account, that payments come to and refunds leave from."""
    OPERATION = "OPERATION"
    """The fund flow of the operating account, that merchant transfers leave from."""


# What all of these say together is what happened to our money at WeChat. Flow numbers are each account's own.
FLOWS = (BillKind.FUND_FLOW, BillKind.OPERATION)


class FileState(StrEnum):
    WAITING = "WAITING"
    ABSENT = "ABSENT"
    """WeChat says that there was no business, which is an answer."""
    INVALID = "INVALID"
    STAGED = "STAGED"


USABLE = (FileState.ABSENT, FileState.STAGED)


class ItemKind(StrEnum):
    """What one line of business is, in bills and in the ledger."""

    PAYMENT = "payment"
    REFUND = "refund"
    TRANSFER = "transfer"
    FEE = "fee"
    OTHER = "other"


KIND_NAMES = {
    ItemKind.PAYMENT: "支付",
    ItemKind.REFUND: "退款",
    ItemKind.TRANSFER: "转账",
    ItemKind.FEE: "手续费",
    ItemKind.OTHER: "其他",
}

# How the ledger's keys name what WeChat told us of; the rest of the key is its number.
LEDGER_KEYS = {
    "wx:pay:": ItemKind.PAYMENT,
    "wx:refund:": ItemKind.REFUND,
    "wx:transfer:": ItemKind.TRANSFER,
}


class Bucket(StrEnum):
    PAID_OURS_MISSING = "PAID_OURS_MISSING"
    PAID_WECHAT_MISSING = "PAID_WECHAT_MISSING"
    AMOUNT_DIFFERS = "AMOUNT_DIFFERS"
    DUPLICATE_ROWS = "DUPLICATE_ROWS"
    CROSS_DAY = "CROSS_DAY"
    REFUND_WECHAT_ONLY = "REFUND_WECHAT_ONLY"
    REFUND_OURS_ONLY = "REFUND_OURS_ONLY"
    REFUND_AMOUNT = "REFUND_AMOUNT"
    REFUND_STATE = "REFUND_STATE"
    TRANSFER_WECHAT_ONLY = "TRANSFER_WECHAT_ONLY"
    TRANSFER_OURS_ONLY = "TRANSFER_OURS_ONLY"
    FEE_DIFFERS = "FEE_DIFFERS"
    OTHER_MERCHANT = "OTHER_MERCHANT"
    INVALID_BILL = "INVALID_BILL"


@dataclass(frozen=True, kw_only=True)
class BucketRow:
    """Who answers for a kind of difference, within how many hours, and what to do first."""

    name: str
    role: str
    hours: int
    advice: str


BUCKETS = {
    Bucket.PAID_OURS_MISSING: BucketRow(
        name="微信已付，我方无账",
        role="财务",
        hours=24,
        advice="系统已向微信查询并按正常流程入账；仍未入账的，在商户平台核实这笔订单",
    ),
    Bucket.PAID_WECHAT_MISSING: BucketRow(
        name="我方已记，微信无账",
        role="财务",
        hours=4,
        advice="我方记了微信没有的钱：在商户平台按微信单号查询，核实前不要退款",
    ),
    Bucket.AMOUNT_DIFFERS: BucketRow(
        name="金额不符",
        role="财务",
        hours=4,
        advice="比较交易账单、资金账单和凭证三个金额，找出不同的一个",
    ),
    Bucket.DUPLICATE_ROWS: BucketRow(
        name="账单重复行",
        role="财务",
        hours=24,
        advice="同一业务出现多次：只匹配第一行，其余向微信核实",
    ),
    Bucket.CROSS_DAY: BucketRow(
        name="跨日",
        role="财务",
        hours=48,
        advice="零点前后的业务，双方记在相邻两日；次日对账后自动关闭",
    ),
    Bucket.REFUND_WECHAT_ONLY: BucketRow(
        name="退款仅微信有",
        role="财务",
        hours=4,
        advice="可能有人在商户平台直接退款：找出经办人和原因",
    ),
    Bucket.REFUND_OURS_ONLY: BucketRow(
        name="退款仅我方有",
        role="财务",
        hours=4,
        advice="我方记为已退而微信没有：按微信退款单号查询",
    ),
    Bucket.REFUND_AMOUNT: BucketRow(
        name="退款金额不符",
        role="财务",
        hours=4,
        advice="比较退款单、账单和凭证的金额",
    ),
    Bucket.REFUND_STATE: BucketRow(
        name="退款状态不一致",
        role="财务",
        hours=24,
        advice="系统已向微信查询并处理；仍不一致的，在商户平台核实",
    ),
    Bucket.TRANSFER_WECHAT_ONLY: BucketRow(
        name="转账仅微信有",
        role="风控",
        hours=2,
        advice="钱已从商户账户付出而我方没有记录：立即核实，必要时暂停提现",
    ),
    Bucket.TRANSFER_OURS_ONLY: BucketRow(
        name="转账仅我方有",
        role="财务",
        hours=4,
        advice="我方记为已付而微信没有：按商户转账单号查询",
    ),
    Bucket.FEE_DIFFERS: BucketRow(
        name="手续费不符",
        role="财务",
        hours=72,
        advice="与合同费率、资金账单的扣费比较；向微信核实",
    ),
    Bucket.OTHER_MERCHANT: BucketRow(
        name="商户号或 AppID 不是我方",
        role="风控",
        hours=4,
        advice="账单里有别的商户或应用的业务：核实绑定关系",
    ),
    Bucket.INVALID_BILL: BucketRow(
        name="账单无效",
        role="财务",
        hours=4,
        advice="摘要、行数或内容不对：重新下载；仍不对的，联系微信支付",
    ),
}

# Put right by asking WeChat again and letting the ordinary services act on the answer. Nothing else is.
REPAIRED = (Bucket.PAID_OURS_MISSING, Bucket.REFUND_STATE)


class Ending(StrEnum):
    """How a difference ended."""

    REPAIRED = "REPAIRED"
    BY_ITSELF = "BY_ITSELF"
    RESOLVED = "RESOLVED"


def is_fetched_from(day: date, *, now: datetime) -> bool:
    """Whether the bills of a day may be asked for; `now` in Shanghai's time."""
    return now >= datetime.combine(day + timedelta(days=1), FETCH_FROM, tzinfo=now.tzinfo)


def is_late(day: date, *, now: datetime) -> bool:
    """Whether somebody must hear that the bills of a day are not there; `now` in Shanghai's time."""
    return now >= datetime.combine(day + timedelta(days=1), LATE_FROM, tzinfo=now.tzinfo)
