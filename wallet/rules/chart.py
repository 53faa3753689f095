"""
The chart of accounts, as data.

Entries are credit-positive and every journal sums to zero. Money we owe (a customer's principal) or have
earned (sales) is positive; money others owe us (WeChat's clearing account) and what we spent is negative, and
people see it on its debit side as a positive number.

An account's id says what it is: a customer's are `wallet_id * 10 + number`, platform accounts are
`PLATFORM_IDS + number * 100 + slot`. So nobody has to look an id up before posting; and since accounts are
locked by ascending id, the busy platform rows come last and are held for the shortest time, after whatever
was locked of a customer before (a hold, say).

A busy platform account has several slots, ordinary accounts read as one: which one a journal uses is a hash
of its key, so that unrelated journals do not wait for the same row.
"""

import zlib
from dataclasses import dataclass
from enum import StrEnum

PLATFORM_IDS = 9_000_000_000_000_000  # above every customer's, and still exact in JavaScript
BOOK = 1  # the CNY book; a book has one currency and a journal stays in one book


class Side(StrEnum):
    DEBIT = "debit"  # what we have, and what we spent
    CREDIT = "credit"  # what we owe, and what we earned


@dataclass(frozen=True, kw_only=True)
class ChartRow:
    number: int
    code: str
    name: str
    means: str
    side: Side = Side.CREDIT
    allow_negative: bool = False
    slots: int = 1


CUSTOMER = (
    ChartRow(number=1, code="principal", name="本金", means="顾客自己的钱：充值和收到的转账，可退可提"),
    ChartRow(number=2, code="bonus", name="赠金", means="送给顾客的，只能消费，可能到期"),
    ChartRow(number=3, code="cashback", name="返现", means="消费返还给顾客的，只能消费"),
)

# Sales and fees may be negative in one slot, because a refund seldom meets the slot of its sale;
# what may be refunded at all is kept by the order's own row.
PLATFORM = (
    ChartRow(
        number=1,
        code="wechat_clearing",
        name="微信待结算",
        means="微信替我们收着、尚未结算到银行的钱",
        side=Side.DEBIT,
        allow_negative=True,
        slots=16,
    ),
    ChartRow(
        number=2,
        code="wechat_fee",
        name="微信手续费",
        means="微信收取的手续费",
        side=Side.DEBIT,
        allow_negative=True,
        slots=16,
    ),
    ChartRow(
        number=3,
        code="merchant_sales",
        name="商户销售收入",
        means="顾客付款的收入，退款冲减",
        allow_negative=True,
        slots=16,
    ),
    ChartRow(
        number=4,
        code="fee_income",
        name="手续费收入",
        means="向顾客收取的手续费",
        allow_negative=True,
        slots=16,
    ),
    ChartRow(
        number=5,
        code="promotion_cost",
        name="营销费用",
        means="赠金和返现的成本，到期未用的冲回",
        side=Side.DEBIT,
        allow_negative=True,
        slots=16,
    ),
    ChartRow(number=6, code="points_liability", name="积分负债", means="顾客手里积分折合的金额", slots=16),
    ChartRow(number=7, code="red_packet_pool", name="红包池", means="已发出、尚未领取或退回的红包", slots=16),
    ChartRow(
        number=8, code="withdrawal_clearing", name="提现待结算", means="已离开钱包、微信尚未付给顾客的钱"
    ),
    ChartRow(number=9, code="biller_clearing", name="缴费待结算", means="已离开钱包、尚未付给缴费机构的钱"),
    ChartRow(number=10, code="suspense", name="待查款项", means="收到了但还不知归谁、待退回的钱"),
    ChartRow(number=11, code="forfeiture_income", name="放弃余额收入", means="顾客注销时放弃的余额"),
    ChartRow(number=12, code="adjustment", name="调账损益", means="人工调账的对方科目", allow_negative=True),
    ChartRow(
        number=13,
        code="refund_clearing",
        name="退款待结算",
        means="已决定退还、微信尚未退到顾客的钱",
        slots=16,
    ),
    ChartRow(
        number=14,
        code="bank_deposits",
        name="银行存款",
        means="微信已结算到银行的钱",
        side=Side.DEBIT,
        allow_negative=True,
    ),
    ChartRow(
        number=15, code="coupon_liability", name="优惠券负债", means="顾客手里优惠券最多可抵的金额", slots=16
    ),
    ChartRow(
        number=16, code="reward_liability", name="待发奖励", means="已答应、还没到发放时间的奖励", slots=16
    ),
    ChartRow(
        number=17,
        code="partner_receivable",
        name="应收合作方",
        means="联合活动中由合作方承担、尚未付给我们的部分",
        side=Side.DEBIT,
        allow_negative=True,
    ),
)

BY_CODE = {row.code: row for row in (*CUSTOMER, *PLATFORM)}
NAMES = {row.code: row.name for row in BY_CODE.values()}


def platform_account_id(code: str, *, key: str) -> int:
    """The account, or its slot for this journal key."""
    row = _row(PLATFORM, code)
    return PLATFORM_IDS + row.number * 100 + zlib.crc32(key.encode()) % row.slots


def customer_account_id(code: str, *, wallet_id: int) -> int:
    return wallet_id * 10 + _row(CUSTOMER, code).number


def platform_accounts() -> list[tuple[int, ChartRow, int]]:
    """Every platform account there must be: id, its row, its slot."""
    return [
        (PLATFORM_IDS + row.number * 100 + slot, row, slot) for row in PLATFORM for slot in range(row.slots)
    ]


def on_normal_side(code: str, amount: int) -> int:
    """A balance as people read it: positive on the side where this account normally is."""
    return -amount if BY_CODE[code].side is Side.DEBIT else amount


def _row(rows: tuple[ChartRow, ...], code: str) -> ChartRow:
    row = BY_CODE.get(code)
    if row is None or row not in rows:
        raise LookupError(f"no such account here: {code}")
    return row
