"""
Lines of bills into exact fen, by the names in the head (WeChat Pay v3 docs 4013071227, 4013071238).

A line that is not exactly as documented is kept with what is wrong with it and believed in nothing else.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from payments.gateways.wechat.errors import InvalidBill
from payments.rules.daily_close import BillKind, ItemKind
from wallet_project.kit import clock

_YUAN = re.compile(r"([0-9]{1,11})\.([0-9]{2})")
_FEE = re.compile(r"(-?)([0-9]{1,9})\.([0-9]{2})000")
_NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
_NAME = re.compile(r"[0-9A-Za-z_\-]{1,32}")
_COUNT = re.compile(r"[0-9]{1,9}")
_LONGEST_RAW = 1000

_TRADE_COLUMNS = (
    "交易时间",
    "公众账号ID",
    "商户号",
    "微信订单号",
    "商户订单号",
    "交易状态",
    "货币种类",
    "微信退款单号",
    "商户退款单号",
    "退款状态",
    "手续费",
    "订单金额",
    "申请退款金额",
)
_FUND_COLUMNS = (
    "记账时间",
    "微信支付业务单号",
    "资金流水单号",
    "业务类型",
    "收支类型",
    "收支金额(元)",
    "账户结余(元)",
    "业务凭证号",
)
_TRADE_SUMS = ("总交易单数", "订单总金额", "申请退款总金额")
_FUND_SUMS = ("资金流水总笔数", "收入金额", "支出金额")
_REFUND_STATES = {"SUCCESS", "PROCESSING", "FAIL", "CHANGE"}
_FUND_KINDS = {
    "交易": ItemKind.PAYMENT,
    "退款": ItemKind.REFUND,
    "商家转账": ItemKind.TRANSFER,
    "商家转账到零钱": ItemKind.TRANSFER,
    "扣除交易手续费": ItemKind.FEE,
}


class TradeLine(NamedTuple):
    """A payment or a refund; `external_id` is WeChat's number of it, `number` ours. Fen."""

    position: int
    kind: str = ItemKind.OTHER
    external_id: str = ""
    number: str = ""
    at: datetime | None = None
    appid: str = ""
    mchid: str = ""
    state: str = ""
    amount: int = 0
    fee: int = 0
    problem: str = ""
    raw: str = ""


class FundLine(NamedTuple):
    """Money that came (positive) or went, `balance` after it. A transfer goes by our own number of it."""

    position: int
    kind: str = ItemKind.OTHER
    external_id: str = ""
    number: str = ""
    at: datetime | None = None
    flow_no: str = ""
    change: int = 0
    balance: int = 0
    problem: str = ""
    raw: str = ""


class _Wrong(ValueError):
    """What is wrong with a line, in words."""


@dataclass
class Statement:
    """The lines of one bill; `problem`, once all were read: what in its summary does not agree with them."""

    kind: BillKind
    lines: Iterable[str]
    rows: int = 0
    problem: str = ""
    _sums: dict[str, int] = field(default_factory=dict)

    def read(self) -> Iterator[TradeLine | FundLine]:
        """
        :raises InvalidBill: it has no head, no summary, or is not the kind of bill it should be
        """
        lines = iter(self.lines)
        head = _titles(next(lines, ""))
        is_trade = self.kind is BillKind.TRADE
        wanted = _TRADE_COLUMNS if is_trade else _FUND_COLUMNS
        if set(wanted) - set(head):
            raise InvalidBill("空文件，或没有所需的表头")
        parse: Callable[[int, tuple[str, ...]], TradeLine | FundLine] = _trade if is_trade else _fund
        pick = itemgetter(*(head.index(name) for name in wanted))
        kept = TradeLine if is_trade else FundLine
        for line in lines:
            if not line.startswith("`") and "`" not in line:
                self._compare(_titles(line), next(lines, ""))
                return
            self.rows += 1
            try:
                row = parse(self.rows, pick(_cells(line, len(head))))
            except _Wrong as wrong:
                raw = line.replace("\0", "")[:_LONGEST_RAW]
                yield kept(position=self.rows, problem=str(wrong), raw=raw)
            else:
                self._count(row)
                yield row
        raise InvalidBill("没有汇总行")

    def _count(self, row: TradeLine | FundLine) -> None:
        if isinstance(row, TradeLine):
            name, amount = ("申请退款总金额" if row.kind == ItemKind.REFUND else "订单总金额"), row.amount
        else:
            name, amount = ("收入金额" if row.change > 0 else "支出金额"), abs(row.change)
        self._sums[name] = self._sums.get(name, 0) + amount

    def _compare(self, titles: list[str], line: str) -> None:
        count, *sums = _TRADE_SUMS if self.kind is BillKind.TRADE else _FUND_SUMS
        try:
            said = dict(zip(titles, _cells(line, len(titles)), strict=True))
            wrong = [] if _shaped(_COUNT, said[count]) == str(self.rows) else [count]
            wrong += [name for name in sums if _fen(said[name]) != self._sums.get(name, 0)]
        except (_Wrong, KeyError):
            raise InvalidBill("汇总行不完整") from None
        self.problem = f"汇总与明细不符：{'、'.join(wrong)}" if wrong else ""


def _trade(position: int, cells: tuple[str, ...]) -> TradeLine:
    at, appid, mchid, transaction_id, order, trade_state, currency, *more = cells
    refund_id, refund_number, refund_state, fee_text, total, asked = more
    is_refund = trade_state == "REFUND"
    if not is_refund and trade_state not in {"SUCCESS", "REVOKED"}:
        raise _Wrong("交易状态未知")
    if currency != "CNY":
        raise _Wrong("币种不是人民币")
    if is_refund and refund_state not in _REFUND_STATES:
        raise _Wrong("退款状态未知")
    fee = _fee(fee_text)
    if fee < 0 and not is_refund:  # with a refund WeChat gives its fee back
        raise _Wrong("手续费为负")
    return TradeLine(
        position=position,
        kind=ItemKind.REFUND if is_refund else ItemKind.PAYMENT,
        external_id=_shaped(_NUMBER, refund_id if is_refund else transaction_id),
        number=_shaped(_NUMBER, refund_number if is_refund else order),
        at=_moment(at),
        appid=_shaped(_NAME, appid),
        mchid=_shaped(_NAME, mchid),
        state=refund_state if is_refund else trade_state,
        amount=_fen(asked if is_refund else total),
        fee=fee,
    )


def _fund(position: int, cells: tuple[str, ...]) -> FundLine:
    at, business_no, flow_no, business, direction, amount_text, balance, number = cells
    if direction not in {"收入", "支出"}:
        raise _Wrong("收支类型未知")
    kind = _FUND_KINDS.get(business, ItemKind.OTHER)
    amount = _fen(amount_text)
    if number:
        _shaped(_NUMBER, number)
    external_id = number if kind is ItemKind.TRANSFER else business_no
    if external_id or kind is not ItemKind.OTHER:
        _shaped(_NUMBER, external_id)
    return FundLine(
        position=position,
        kind=kind,
        external_id=external_id,
        number=number,
        at=_moment(at),
        flow_no=_shaped(_NUMBER, flow_no),
        change=amount if direction == "收入" else -amount,
        balance=_balance(balance),
    )


def _titles(line: str) -> list[str]:
    return line.removeprefix("\ufeff").split(",")


def _cells(line: str, count: int) -> list[str]:
    cells = line[1:].split(",`")
    if len(cells) != count or line.count(",") != count - 1 or not line.startswith("`"):
        raise _Wrong(f"应有 {count} 列，每一格以反引号开头")
    return cells


def _shaped(form: re.Pattern[str], text: str) -> str:
    if not form.fullmatch(text):
        raise _Wrong("单号或名称的写法不对")
    return text


def _fen(text: str) -> int:
    found = _YUAN.fullmatch(text)
    if not found:
        raise _Wrong("金额的写法不对")
    return int(found[1]) * 100 + int(found[2])


def _balance(text: str) -> int:
    """What is left in the account, and may have been overdrawn."""
    return -_fen(text[1:]) if text.startswith("-") else _fen(text)


def _fee(text: str) -> int:
    found = _FEE.fullmatch(text)
    if not found:
        raise _Wrong("手续费的写法不对")
    amount = int(found[2]) * 100 + int(found[3])
    return -amount if found[1] else amount


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _Wrong("时间的写法不对") from None
    if len(text) != 19 or moment.tzinfo is not None:
        raise _Wrong("时间的写法不对")
    return moment.replace(tzinfo=clock.SHANGHAI)
