"""Bring WeChat's bills of a day in: download, prove, keep sealed, stage by COPY."""

import base64
import logging
from collections.abc import Iterable, Iterator

from django.db import connection, transaction

from payments.gateways.wechat.bill_lines import FundLine, Statement, TradeLine
from payments.gateways.wechat.bills import AppliedBill, Unpacking, apply_for_bill, downloaded, lines_of
from payments.gateways.wechat.errors import (
    InvalidBill,
    StatementCreating,
    StatementMissing,
    WeChatError,
    WeChatRefused,
)
from payments.models import BillFile, BillFilePart, DailyClose
from payments.rules.daily_close import FLOWS, USABLE, BillKind, FileState
from wallet_project.kit import clock
from wallet_project.kit.db import let_statements_take
from wallet_project.kit.fields import open_column, seal_column

logger = logging.getLogger(__name__)

_PART = 192 * 1024
_SECONDS = 300  # what a statement over a whole bill may take
_TABLES = {
    BillKind.TRADE: ("payments_tradeline", TradeLine._fields),
    **dict.fromkeys(FLOWS, ("payments_fundline", FundLine._fields)),
}
_UNSAFE = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def fetch_bill(close: DailyClose, kind: BillKind) -> BillFile:
    """
    The bill of a kind, fetched unless it is here already. Look at its state: what is not ready or not
    usable is to be asked for again later. Nothing of a file that is not proven is staged.
    """
    bill, _new = BillFile.objects.get_or_create(close=close, kind=kind)
    if bill.state in USABLE:
        return bill
    bill.tries += 1
    bill.problem = ""
    try:
        applied = apply_for_bill(kind, close.day)
        bill.digest, bill.fetched_at = applied.digest, clock.now()
        _keep(bill, applied)
        _stage(bill)
    except StatementMissing:
        bill.state, bill.fetched_at = FileState.ABSENT, clock.now()
    except InvalidBill as invalid:
        _drop_parts(bill)
        bill.state, bill.problem = FileState.INVALID, str(invalid)
        logger.error("payments.close.invalid_bill", extra={"day": str(close.day), "kind": kind})
    except WeChatError as error:
        _drop_parts(bill)
        bill.state, bill.problem = FileState.WAITING, _in_words(error)
        logger.info(
            "payments.close.no_bill", extra={"day": str(close.day), "kind": kind, "reason": str(error)}
        )
    bill.save()
    return bill


def drop_bill(bill: BillFile) -> None:
    """Forget what was fetched, so that it is fetched again."""
    with transaction.atomic(), connection.cursor() as cursor:
        let_statements_take(seconds=_SECONDS)
        table, _columns = _TABLES[BillKind(bill.kind)]
        cursor.execute(f"DELETE FROM {table} WHERE file_id = %s", [bill.pk])  # noqa: S608 - our own names
        _drop_parts(bill)
        bill.state, bill.rows, bill.digest, bill.problem = FileState.WAITING, 0, "", ""
        bill.save()


def packed_bill(bill: BillFile) -> Iterator[bytes]:
    """
    The file as WeChat sent it, piece by piece.

    :raises CannotOpen: a piece was changed, or sealed with a key that we do not hold
    """
    parts = BillFilePart.objects.filter(file=bill)
    for position in range(parts.count()):  # one by one: together they may be large
        yield base64.b64decode(open_column(parts.get(position=position), "content_sealed"))


def _keep(bill: BillFile, applied: AppliedBill) -> None:
    """Each piece is stored as it comes, outside of a transaction: the network is on the other end."""
    _drop_parts(bill)
    unpacking = Unpacking()
    with downloaded(applied) as pieces:
        for position, piece in enumerate(_in_parts(pieces)):
            for _plain in unpacking.feed(piece):
                pass
            part = BillFilePart(file=bill, position=position)
            seal_column(part, "content_sealed", base64.b64encode(piece).decode())
            part.save(force_insert=True)
    unpacking.require_whole(digest=applied.digest)


def _stage(bill: BillFile) -> None:
    table, columns = _TABLES[BillKind(bill.kind)]
    packed = list(
        packed_bill(bill)
    )  # all of it, packed: while COPY reads, the connection answers nothing else
    statement = Statement(BillKind(bill.kind), lines_of(packed))
    with transaction.atomic(), connection.cursor() as cursor:
        let_statements_take(seconds=_SECONDS)
        names = ", ".join(("file_id", *columns))
        rows = _CopyFile(_copied(bill, statement))
        try:
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", rows)
        finally:
            if (
                rows.failure
            ):  # what went wrong is in the file, not in the database, which says so nevertheless
                raise rows.failure
        bill.state, bill.rows, bill.problem = FileState.STAGED, statement.rows, statement.problem
        bill.save()


def _copied(bill: BillFile, statement: Statement) -> Iterator[str]:
    prefix = f"{bill.pk}\t"
    for line in statement.read():
        yield prefix + "\t".join(map(_cell, line)) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return "\\N"
    return value.translate(_UNSAFE) if isinstance(value, str) else str(value)


class _CopyFile:
    """Lines as the file that COPY reads: only so many of them are in memory."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._rest = b""
        self.failure: InvalidBill | None = None

    def read(self, size: int) -> bytes:
        gathered, length = [self._rest], len(self._rest)
        try:
            while length < size and (line := next(self._lines, "")):
                encoded = line.encode()
                gathered.append(encoded)
                length += len(encoded)
        except InvalidBill as invalid:
            self.failure = invalid
            raise
        whole = b"".join(gathered)
        self._rest = whole[size:]
        return whole[:size]


def _in_parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    gathered = bytearray()
    for piece in pieces:
        gathered += piece
        while len(gathered) >= _PART:
            yield bytes(gathered[:_PART])
            del gathered[:_PART]
    if gathered:
        yield bytes(gathered)


def _in_words(error: WeChatError) -> str:
    match error:
        case StatementCreating():
            return "微信还在生成账单"
        case WeChatRefused():
            return f"微信拒绝了请求（{error.code}）"
    return "微信没有可信的应答"


def _drop_parts(bill: BillFile) -> None:
    BillFilePart.objects.filter(file=bill).delete()
