"""The numbers of a page as a workbook or as CSV: taken away so many times a day, and never unseen."""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db import transaction

from wallet_project.analytics.errors.exports import ExportsUsedUp
from wallet_project.analytics.rules.metrics import Unit
from wallet_project.analytics.rules.panels import Board
from wallet_project.analytics.rules.values import percent, rounded
from wallet_project.analytics.selectors.boards import Number, Readings, asked_of, codes_of, unit_of
from wallet_project.audit.selectors import acts_between
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.csv_text import csv_lines
from wallet_project.kit.db import lock_number
from wallet_project.kit.documents.workbook import Cell, Workbook
from wallet_project.kit.money import in_yuan

FORMATS: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_ACT = "analytics.board.exported"
_LOCKS = 726_356_000_000  # and who takes: their takings are counted one by one


def export_board(*, board: Board, readings: Readings, kind: str, staff_id: int) -> bytes:
    """
    As XLSX or CSV: each number of the period and of the one before, and its days.

    :raises ExportsUsedUp: they have taken enough for one day
    """
    now = clock.now()
    with transaction.atomic():
        lock_number(_LOCKS + staff_id)
        taken = acts_between(_ACT, clock.start_of_day(now), now, actor=f"staff:{staff_id}")
        if taken >= settings.BOARD_EXPORTS_A_DAY:
            raise ExportsUsedUp(limit=settings.BOARD_EXPORTS_A_DAY)
        record_audit(
            action=_ACT,
            subject=f"analytics.board:{board.code}",
            facts={"what": f"{board.title} {readings.period} {readings.cut}".strip(), "kind": kind},
        )
    return _as_csv(board, readings) if kind == "csv" else _as_workbook(board, readings)


def _as_csv(board: Board, readings: Readings) -> bytes:
    rows = [_SUMMARY, *_summary(board, readings), (), _heads(board), *_days(board, readings)]
    return "".join(csv_lines(rows)).encode()


def _as_workbook(board: Board, readings: Readings) -> bytes:
    out, title = io.BytesIO(), f"{board.title} {readings.period}"
    with Workbook(out, title=title, issuer=settings.DOCUMENT_ISSUER, made_at=clock.now()) as book:
        book.sheet("汇总", widths=[24, 16, 16, 10, 10, 60])
        book.head(_SUMMARY)
        book.rows(_summary(board, readings))
        book.sheet("每日", widths=[12, *(16 for _ in codes_of(board))])
        book.head(_heads(board))
        book.rows(_days(board, readings))
    return out.getvalue()


_SUMMARY = ("指标", "本期", "对比期", "单位", "取法", "口径")


def _summary(board: Board, readings: Readings) -> Iterator[tuple[Cell, ...]]:
    for code in codes_of(board):
        found = readings.reading(code)
        value, before = _cell(code, found.value), _cell(code, found.before)
        yield found.name, value, before, _unit(code), found.how or "合计", found.definition


def _heads(board: Board) -> tuple[str, ...]:
    return "日期", *(f"{asked_of(code).name}（{_unit(code)}）" for code in codes_of(board))


def _days(board: Board, readings: Readings) -> Iterator[tuple[Cell, ...]]:
    columns = [readings.by_day(code) or [None] * readings.period.days for code in codes_of(board)]
    for number, day in enumerate(readings.period.all_days):
        values = (_cell(code, column[number]) for code, column in zip(codes_of(board), columns, strict=True))
        yield f"{day}", *values


def _unit(code: str) -> str:
    unit = unit_of(code)
    return "%" if unit is None else str(unit.label)


def _cell(code: str, value: Number) -> Cell:
    """An amount in yuan, a percentage with two places, all else as it is."""
    if value is None:
        return None
    match unit_of(code):
        case Unit.FEN:
            return in_yuan(rounded(value))
        case None:
            return percent(value)
        case _:
            return int(value) if value == int(value) else Decimal(value).quantize(Decimal("0.01"))
