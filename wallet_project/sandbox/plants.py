"""Differences that are planted into bills. They stay until they are forgotten; a restart forgets them."""

import re
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta

from wallet_project.sandbox.clock import SHANGHAI
from wallet_project.sandbox.control import Refused
from wallet_project.sandbox.statements import BASIC, Row, changed, ghost, rows_of

ROW_PLANTS = {
    "paid_unknown": "账单多出一笔支付",
    "payment_missing": "账单缺少一笔支付",
    "amount_differs": "一笔支付多一分",
    "duplicate_row": "一行重复出现",
    "cross_day": "一笔支付记在前一日（to=after：后一日）",
    "refund_unknown": "账单多出一笔退款",
    "refund_missing": "账单缺少一笔退款",
    "refund_amount": "一笔退款多一分",
    "refund_state": "一笔退款的状态为 state",
    "transfer_unknown": "资金账单多出一笔转账",
    "transfer_missing": "资金账单缺少一笔转账",
    "transfer_basic": "一笔转账记在基本账户",
    "transfer_twice": "一笔转账在两个账户各记一次",
    "fee": "一笔支付多收一分手续费",
    "other_merchant": "一笔支付的公众账号不是我们的",
    "settlement": "资金账单有一笔提现",
    "bad_line": "交易账单多出一行原文 text",
}
FILE_PLANTS = {
    "late": "账单生成中",
    "wrong_hash": "摘要不符",
    "wrong_count": "汇总笔数不符",
    "gbk": "用 GBK 编码",
    "empty": "文件为空",
    "bomb": "压缩炸弹",
}


@dataclass(kw_only=True)
class Plant:
    """
    `number` is the merchant's, of the row that is meant; without one it is the first of its kind. `bill` is
    the one whose file is spoilt: `trade`, or the account whose fund flow it is.
    """

    kind: str
    day: str
    number: str = ""
    to: str = "before"
    state: str = "FAIL"
    text: str = ""
    amount: int = 100
    bill: str = "trade"


class Plants:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planted: list[tuple[Plant, Row | None]] = []

    def plant(self, wish: dict) -> dict:
        plant = _read(wish)
        stranger = None
        if plant.kind in _GHOSTS:
            noon = datetime.combine(_day(plant), time(12), tzinfo=SHANGHAI)
            stranger = ghost(_GHOSTS[plant.kind], at=noon, amount=plant.amount)
        with self._lock:
            self._planted.append((plant, stranger))
        return asdict(plant) | (
            {"wechat_no": stranger.wechat_no, "number": stranger.number} if stranger else {}
        )

    def forget(self) -> None:
        with self._lock:
            self._planted.clear()

    def spoils(self, kind: str, *, day: date, bill: str) -> bool:
        return any(
            plant.kind == kind and _day(plant) == day and plant.bill == bill for plant, _ in self._planted
        )

    def lines(self, day: date) -> list[str]:
        return [plant.text for plant, _ in self._planted if plant.kind == "bad_line" and _day(plant) == day]

    def rows(self, day: date) -> list[Row]:
        """What the bills of this day show."""
        rows = rows_of(day)
        for plant, stranger in self._planted:
            if plant.kind == "cross_day":
                rows = _moved(plant, rows, day)
            elif _day(plant) == day and stranger is not None:
                rows.append(stranger)
            elif _day(plant) == day and plant.kind in _CHANGES:
                rows = _CHANGES[plant.kind](plant, rows)
        return sorted(rows, key=lambda row: (row.at, row.wechat_no))


def _moved(plant: Plant, rows: list[Row], day: date) -> list[Row]:
    """A row leaves its own day for the last or the first second of the day beside it."""
    meant = _meant(plant, "payment")
    home = _day(plant)
    if day == home:
        return [row for row in rows if row is not next(filter(meant, rows), None)]
    before = plant.to == "before"
    if day != home + timedelta(days=-1 if before else 1):
        return rows
    at = datetime.combine(day, time(23, 59, 58) if before else time(0, 0, 1), tzinfo=SHANGHAI)
    return rows + [replace(row, at=at) for row in list(filter(meant, rows_of(home)))[:1]]


def _without(kind: str) -> Callable[[Plant, list[Row]], list[Row]]:
    def change(plant: Plant, rows: list[Row]) -> list[Row]:
        chosen = next(filter(_meant(plant, kind), rows), None)
        return [row for row in rows if row is not chosen]

    return change


def _one_fen_more(kind: str) -> Callable[[Plant, list[Row]], list[Row]]:
    def change(plant: Plant, rows: list[Row]) -> list[Row]:
        meant = _meant(plant, kind)
        chosen = next(filter(meant, rows), None)
        return changed(rows, which=meant, amount=chosen.amount + 1) if chosen else rows

    return change


def _twice(kind: str, *, account: str) -> Callable[[Plant, list[Row]], list[Row]]:
    def change(plant: Plant, rows: list[Row]) -> list[Row]:
        chosen = next(filter(_meant(plant, kind), rows), None)
        return [*rows, replace(chosen, account=account)] if chosen else rows

    return change


_GHOSTS = {
    "paid_unknown": "payment",
    "refund_unknown": "refund",
    "transfer_unknown": "transfer",
    "settlement": "settlement",
}
_CHANGES: dict[str, Callable[[Plant, list[Row]], list[Row]]] = {
    "payment_missing": _without("payment"),
    "refund_missing": _without("refund"),
    "transfer_missing": _without("transfer"),
    "transfer_twice": _twice("transfer", account=BASIC),
    "transfer_basic": lambda plant, rows: changed(rows, which=_meant(plant, "transfer"), account=BASIC),
    "amount_differs": _one_fen_more("payment"),
    "refund_amount": _one_fen_more("refund"),
    "duplicate_row": _twice("payment", account=""),
    "refund_state": lambda plant, rows: changed(rows, which=_meant(plant, "refund"), status=plant.state),
    "fee": lambda plant, rows: changed(rows, which=_meant(plant, "payment"), fee=1),
    "other_merchant": lambda plant, rows: changed(
        rows, which=_meant(plant, "payment"), appid="wx0000000000000000"
    ),
}


def _meant(plant: Plant, kind: str) -> Callable[[Row], bool]:
    return lambda row: row.kind == kind and plant.number in ("", row.number)


def _day(plant: Plant) -> date:
    return date.fromisoformat(plant.day)


def _read(wish: dict) -> Plant:
    known = {**ROW_PLANTS, **FILE_PLANTS}
    if wish.get("kind") not in known:
        raise Refused(f"kind 必须是其中之一：{'、'.join(known)}")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(wish.get("day"))):
        raise Refused("day 必须是 YYYY-MM-DD")
    for name, value in wish.items():
        kind = Plant.__annotations__.get(name)
        if kind is None or not isinstance(value, kind) or isinstance(value, bool):
            raise Refused(f"没有参数 {name}，或类型不对")
    return Plant(**wish)


plants = Plants()
