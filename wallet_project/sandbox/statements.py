"""
What the bills of one day say, from this book: trade bill (ALL) and fund-flow bills (BASIC, OPERATION).

UTF-8 with a BOM, CRLF, a head, rows whose every field begins with a backtick, a summary head and a summary
(WeChat Pay v3 docs 4013071227 and 4013071238). Amounts are yuan as text; a fee has five decimals.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from wallet_project.sandbox.clock import SHANGHAI
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.models import Refund, RefundStatus, Transaction
from wallet_project.sandbox.transfer_models import MerchantTransfer, TransferState

TRADE_HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
TRADE_SUMMARY_HEAD = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
FUND_HEAD = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号"
)
FUND_SUMMARY_HEAD = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
REFUND_STATUS = {
    RefundStatus.SUCCESS: "SUCCESS",
    RefundStatus.PROCESSING: "PROCESSING",
    RefundStatus.CLOSED: "FAIL",
    RefundStatus.ABNORMAL: "CHANGE",
}
NAMES = {
    "payment": "交易",
    "refund": "退款",
    "transfer": "商家转账",
    "fee": "扣除交易手续费",
    "settlement": "提现",
    "moved_out": "账户间划转",
    "moved_in": "账户间划转",
}
GAINS = {"payment", "moved_in"}
BASIC, OPERATION = ACCOUNTS = ("BASIC", "OPERATION")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing that happened. A transfer is in a fund-flow bill alone, a failed refund in the trade bill."""

    kind: str  # of NAMES
    at: datetime
    wechat_no: str
    number: str
    amount: int
    transaction_id: str = ""
    out_trade_no: str = ""
    openid: str = ""
    goods: str = ""
    attach: str = ""
    status: str = "SUCCESS"
    fee: int = 0
    appid: str = ""
    mchid: str = ""
    account: str = BASIC  # whose money it was; nobody's where it is empty

    @property
    def day(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    @property
    def change(self) -> int:
        """What the account gains."""
        return self.amount if self.kind in GAINS else -self.amount


def rows_of(day: date) -> list[Row]:
    """Everything of a day, as it is in the book."""
    begins = datetime.combine(day, datetime.min.time(), tzinfo=SHANGHAI)
    within = (begins, begins + timedelta(days=1) - timedelta(microseconds=1))
    paid = Transaction.objects.select_related("order").filter(paid_at__range=within)
    back = Refund.objects.select_related("transaction__order").filter(created_at__range=within)
    sent = MerchantTransfer.objects.filter(state=TransferState.SUCCESS, updated_at__range=within)
    rows = [
        *(_payment(each) for each in paid),
        *(_refund(each) for each in back),
        *(row for each in sent for row in _transfer(each)),
    ]
    return sorted(rows, key=lambda row: (row.at, row.wechat_no))


def balance_before(day: date, *, account: str) -> int:
    """The operating account is given what a transfer takes when it takes it: at midnight nothing is in it."""
    if account == OPERATION:
        return 0
    begins = datetime.combine(day, datetime.min.time(), tzinfo=SHANGHAI)
    paid = Transaction.objects.filter(paid_at__lt=begins).values_list("total", flat=True)
    back = Refund.objects.filter(created_at__lt=begins).exclude(status=RefundStatus.CLOSED)
    sent = MerchantTransfer.objects.filter(state=TransferState.SUCCESS, updated_at__lt=begins)
    return sum(paid) - sum(back.values_list("amount", flat=True)) - sum(sent.values_list("amount", flat=True))


def trade_rows(rows: Iterable[Row]) -> list[Row]:
    """What of these the trade bill shows."""
    return [row for row in rows if row.kind in {"payment", "refund"}]


def trade_bill(shown: list[Row], *, spare_lines: Iterable[str] = (), extra_count: int = 0) -> bytes:
    """`spare_lines` go in as they are; `extra_count` is how much the summary's number is wrong."""
    paid = sum(row.amount for row in shown if row.kind == "payment")
    back = sum(row.amount for row in shown if row.kind == "refund")
    fees = sum(row.fee for row in shown)
    summary = [
        len(shown) + extra_count,
        yuan(paid),
        yuan(back),
        yuan(0),
        f"{yuan(fees)}000",
        yuan(paid),
        yuan(back),
    ]
    lines = [_fields(_trade_fields(row)) for row in shown]
    return _text([TRADE_HEAD, *lines, *spare_lines, TRADE_SUMMARY_HEAD, _fields(summary)])


def fund_flow_bill(shown: list[Row], *, opening: int) -> bytes:
    """Of the account that all of these rows are about."""
    lines, balance = [], opening
    for row in shown:
        balance += row.change
        lines.append(_fields(_fund_fields(row, balance)))
    came = [row.change for row in shown if row.change > 0]
    went = [-row.change for row in shown if row.change <= 0]
    summary = [len(shown), len(came), yuan(sum(came)), len(went), yuan(sum(went))]
    return _text([FUND_HEAD, *lines, FUND_SUMMARY_HEAD, _fields(summary)])


def ghost(kind: str, *, at: datetime, amount: int) -> Row:
    """Something that the merchant never heard of."""
    mark = f"{secrets.randbits(80):024d}"
    begins = {"payment": "4200", "refund": "5030", "transfer": "1330", "settlement": "1000"}[kind]
    return Row(
        kind=kind, at=at, wechat_no=f"{begins}{mark}", number=f"GHOST{mark[:20]}", amount=amount,
        transaction_id=f"4200{mark}", out_trade_no=f"GHOST{mark[:20]}",
        account=OPERATION if kind == "transfer" else BASIC,
    )  # fmt: skip


def yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def changed(rows: list[Row], *, which: Callable[[Row], bool], **values: Any) -> list[Row]:
    """The first row that is meant, with other values; the others as they are."""
    chosen = next((row for row in rows if which(row)), None)
    return [replace(row, **values) if row is chosen else row for row in rows]


def _payment(paid: Transaction) -> Row:
    return Row(
        kind="payment", at=paid.paid_at, wechat_no=paid.transaction_id, number=paid.order.out_trade_no,
        amount=paid.total, transaction_id=paid.transaction_id, out_trade_no=paid.order.out_trade_no,
        openid=paid.openid, goods=paid.order.description, attach=paid.order.attach,
    )  # fmt: skip


def _refund(refund: Refund) -> Row:
    paid = refund.transaction
    return Row(
        kind="refund", at=refund.created_at, wechat_no=refund.refund_id, number=refund.out_refund_no,
        amount=refund.amount, transaction_id=paid.transaction_id, out_trade_no=paid.order.out_trade_no,
        openid=paid.openid, goods=paid.order.description, attach=paid.order.attach,
        status=REFUND_STATUS[RefundStatus(refund.status)],
        account="" if refund.status == RefundStatus.CLOSED else BASIC,
    )  # fmt: skip


def _transfer(bill: MerchantTransfer) -> list[Row]:
    """It leaves the operating account, that is filled from the basic one by as much, a moment before."""
    moved = f"1000{bill.transfer_bill_no[4:]}"
    return [
        Row(kind=kind, at=bill.updated_at, wechat_no=number, number=ours, amount=bill.amount, account=account)
        for kind, account, number, ours in (
            ("moved_out", BASIC, moved, ""),
            ("moved_in", OPERATION, moved, ""),
            ("transfer", OPERATION, bill.transfer_bill_no, bill.out_bill_no),
        )
    ]


def _trade_fields(row: Row) -> list[object]:
    is_refund = row.kind == "refund"
    paid, back = (0, row.amount) if is_refund else (row.amount, 0)
    return [
        _when(row.at), row.appid or keyring.appid, row.mchid or keyring.mchid, 0, "", row.transaction_id,
        row.out_trade_no, row.openid, "JSAPI", "REFUND" if is_refund else "SUCCESS", "OTHERS", "CNY",
        yuan(paid), yuan(0), row.wechat_no if is_refund else 0, row.number if is_refund else 0,
        yuan(back), yuan(0), "ORIGINAL" if is_refund else "", row.status if is_refund else "",
        _escaped(row.goods), _escaped(row.attach), f"{yuan(row.fee)}000", "0.00%", yuan(paid), yuan(back), "",
    ]  # fmt: skip


def _fund_fields(row: Row, balance: int) -> list[object]:
    # The flow's number is made of what it is about, so that a bill asked for twice is the same file.
    return [
        _when(row.at), row.wechat_no, f"9{row.wechat_no[::-1]}", NAMES[row.kind], NAMES[row.kind],
        "收入" if row.change > 0 else "支出", yuan(abs(row.change)), yuan(balance), "system", "", row.number,
    ]  # fmt: skip


def _when(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def _escaped(text: str) -> str:
    return text.replace(",", "\\ ").replace("\r", "").replace("\n", "\\n")


def _fields(values: Iterable[object]) -> str:
    return ",".join(f"`{value}" for value in values)


def _text(lines: list[str]) -> bytes:
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()
