"""A workbook for a spreadsheet that shows texts and never executes them, however many rows there are."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, BinaryIO, Self

import xlsxwriter

from wallet_project.kit.documents.paper import GREEN, TINT

Cell = str | int | Decimal | None  # a text, a count, an amount in yuan, or nothing

_NEVER_GUESS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Workbook:
    """
    Rows go to disk as they come, into a folder that is gone when the book is closed. Use it as a context; the
    book is complete in `out` at the end of it.
    """

    def __init__(self, out: BinaryIO, *, title: str, issuer: str, made_at: datetime) -> None:
        self._folder = TemporaryDirectory(prefix="wallet-book-")
        self._book = xlsxwriter.Workbook(
            out, {"constant_memory": True, "tmpdir": self._folder.name, **_NEVER_GUESS}
        )
        self._book.set_properties({"title": title, "author": issuer, "created": made_at.replace(tzinfo=None)})
        base = {"font_name": "Microsoft YaHei", "font_size": 10}
        self._plain = self._book.add_format(base)
        self._money = self._book.add_format({**base, "num_format": "#,##0.00"})
        self._count = self._book.add_format({**base, "num_format": "#,##0"})
        self._head = self._book.add_format({**base, "bold": True, "bg_color": TINT, "font_color": GREEN})
        self._sheet: Any = None
        self._row = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._book.close()
        finally:
            self._folder.cleanup()

    def sheet(self, name: str, *, widths: Sequence[int]) -> None:
        """Rows go to this sheet from here on; `widths` of its columns in characters."""
        self._sheet, self._row = self._book.add_worksheet(name), 0
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def head(self, titles: Sequence[str]) -> None:
        """The names of the columns below; they stay in sight."""
        for column, title in enumerate(titles):
            self._sheet.write_string(self._row, column, title, self._head)
        self._row += 1
        self._sheet.freeze_panes(self._row, 0)

    def rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            for column, cell in enumerate(row):
                self._write(column, cell)
            self._row += 1

    def _write(self, column: int, cell: Cell) -> None:
        match cell:
            case str():
                self._sheet.write_string(self._row, column, cell, self._plain)
            case Decimal():
                self._sheet.write_number(self._row, column, cell, self._money)
            case int():
                self._sheet.write_number(self._row, column, cell, self._count)
