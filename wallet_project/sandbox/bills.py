"""Bills of a day: applied for, then downloaded by a token (WeChat Pay v3 docs 4013071227, 4013071238)."""

import gzip
import hashlib
import re
import secrets
import threading
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from wallet_project.sandbox.clock import SHANGHAI, clock
from wallet_project.sandbox.plants import plants
from wallet_project.sandbox.statements import (
    ACCOUNTS,
    BASIC,
    balance_before,
    fund_flow_bill,
    trade_bill,
    trade_rows,
)
from wallet_project.sandbox.v3 import Call, ParamError, V3Error, v3_file

TOKEN_LIFE = timedelta(minutes=5)
READY_AT = time(10)
KEPT_FOR = timedelta(days=92)
_BOMB_MEGABYTES = 32


@dataclass(frozen=True)
class Ready:
    content: bytes
    mchid: str
    until: datetime


class Shelf:
    """Files that were applied for, for five minutes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[str, Ready] = {}

    def put(self, content: bytes, *, mchid: str) -> str:
        token, now = secrets.token_urlsafe(48), clock.now()
        with self._lock:
            self._files = {name: ready for name, ready in self._files.items() if ready.until > now}
            self._files[token] = Ready(content, mchid, now + TOKEN_LIFE)
        return token

    def take(self, token: str, *, mchid: str) -> bytes:
        ready = self._files.get(token)
        if ready is None or ready.until <= clock.now():
            raise V3Error(400, "INVALID_REQUEST", "下载链接已失效，请重新申请")
        if ready.mchid != mchid:
            raise V3Error(403, "NO_AUTH", "无权下载该账单")
        return ready.content


shelf = Shelf()


def apply_trade(call: Call) -> dict:
    """GET /v3/bill/tradebill"""
    _only(call, "bill_date", "bill_type", "tar_type")
    if call.query.get("bill_type", "ALL") != "ALL":
        raise ParamError("沙箱只提供 bill_type=ALL", field="/bill_type")
    day = _day(call, bill="trade")
    rows = trade_rows(plants.rows(day))
    _require_business([*rows, *plants.lines(day)], day=day, bill="trade")
    content = trade_bill(
        rows,
        spare_lines=plants.lines(day),
        extra_count=plants.spoils("wrong_count", day=day, bill="trade"),
    )
    return _ready(call, content, day=day, bill="trade")


def apply_fund_flow(call: Call) -> dict:
    """GET /v3/bill/fundflowbill"""
    _only(call, "bill_date", "account_type", "tar_type")
    account = call.query.get("account_type", BASIC)
    if account not in ACCOUNTS:
        raise ParamError(f"沙箱只提供 account_type={'、'.join(ACCOUNTS)}", field="/account_type")
    day = _day(call, bill=account)
    rows = [row for row in plants.rows(day) if row.account == account]
    _require_business(rows, day=day, bill=account)
    content = fund_flow_bill(rows, opening=balance_before(day, account=account))
    return _ready(call, content, day=day, bill=account)


@v3_file
def download(call: Call) -> bytes:
    """GET /v3/billdownload/file?token=…: signed by the merchant, answered without a signature."""
    return shelf.take(call.query.get("token", ""), mchid=call.mchid)


def plant(wish: dict) -> dict:
    return plants.plant(wish)


def forget_plants(_wish: dict) -> dict:
    plants.forget()
    return {"items": []}


def _only(call: Call, *names: str) -> None:
    for name in call.query:
        if name not in names:
            raise ParamError("参数中含有非法的额外参数", field=f"/{name}")
    if call.query.get("tar_type", "GZIP") != "GZIP":
        raise ParamError("tar_type 只能是 GZIP", field="/tar_type")


def _day(call: Call, *, bill: str) -> date:
    given = call.query.get("bill_date", "")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", given):
        raise ParamError("账单日期格式错误", field="/bill_date", value=given)
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise ParamError("账单日期格式错误", field="/bill_date", value=given) from None
    now = clock.now().astimezone(SHANGHAI)
    if not now.date() - KEPT_FOR <= day < now.date():
        raise V3Error(400, "INVALID_REQUEST", "账单日期错误，仅可下载三个月内、昨日及以前的账单")
    is_early = now < datetime.combine(day + timedelta(days=1), READY_AT, tzinfo=SHANGHAI)
    if is_early or plants.spoils("late", day=day, bill=bill):
        raise V3Error(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
    return day


def _require_business(shown: list, *, day: date, bill: str) -> None:
    is_spoilt = any(
        plants.spoils(kind, day=day, bill=bill) for kind in ("empty", "bomb", "gbk", "wrong_hash")
    )
    if not shown and not is_spoilt:
        raise V3Error(400, "NO_STATEMENT_EXIST", "请求的账单文件不存在")


def _ready(call: Call, content: bytes, *, day: date, bill: str) -> dict:
    if plants.spoils("empty", day=day, bill=bill):
        content = b""
    if plants.spoils("gbk", day=day, bill=bill):
        content = content.decode("utf-8-sig").encode("gbk")
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    if plants.spoils("wrong_hash", day=day, bill=bill):
        digest = hashlib.sha1(content + b"!", usedforsecurity=False).hexdigest()
    if call.query.get("tar_type"):
        is_bomb = plants.spoils("bomb", day=day, bill=bill)
        content = _bomb() if is_bomb else gzip.compress(content, mtime=0)
    token = shelf.put(content, mchid=call.mchid)
    return {
        "hash_type": "SHA1",
        "hash_value": digest,
        "download_url": f"{call.origin}/v3/billdownload/file?token={token}",
    }


def _bomb() -> bytes:
    packer = zlib.compressobj(wbits=31)
    megabyte = bytes(1024 * 1024)
    return b"".join(packer.compress(megabyte) for _ in range(_BOMB_MEGABYTES)) + packer.flush()
