"""A PDF that is written from top to bottom: titles, facts, tables over as many pages as they take."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, A5
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from wallet_project.kit.documents.qr import squares_of
from wallet_project.kit.documents.typeface import fitted, typeface, width_of, writable

__all__ = ["A4", "A5", "Align", "Column", "Paper"]

rl_config.useA85 = 0  # compressed contents as they are, not as text a quarter longer

INK, SOFT, LINE, TINT = "#17211c", "#5d6b64", "#d5ddd9", "#f2f7f4"
GREEN, RED = "#0b7a4b", "#b3261e"

_SMALL, _BODY, _LARGE, _HUGE = 7, 8.5, 15, 21
_ROW = 14
_TOTAL = "total-pages"  # a form that every page shows and that is drawn at the end, when the number is known


class Align(Enum):
    LEFT = 0
    RIGHT = 1


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table; `width` in points."""

    title: str
    width: float
    align: Align = Align.LEFT


class Paper:
    """
    Coordinates are points from the lower left; what does not fit any more begins a new page. Texts may be
    anything: what the typeface cannot write is replaced, what is too wide is cut off.
    """

    def __init__(
        self, out: BinaryIO, *, size: tuple[float, float], margin: float, title: str, issuer: str
    ) -> None:
        typeface()
        # invariant: the same contents are the same bytes, without the time and a number of its own in them
        self._canvas = Canvas(out, pagesize=size, pageCompression=1, invariant=1, lang="zh-CN")
        self._canvas.setTitle(title)
        self._canvas.setAuthor(issuer)
        self._canvas.setCreator(issuer)
        self._title, self._issuer, self._margin = title, writable(issuer), margin
        self._width, self._height = size
        self._page = 0
        self._y = 0.0
        self._begin_page()

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self._width - 2 * self._margin

    def headline(self, text: str, *, aside: str = "", beside: str = "") -> None:
        """The document's name; to its right something short in green, under it something in small type."""
        self._take(_HUGE + 14)
        self._write(self._margin, text, size=_HUGE)
        self._write_right(self._width - self._margin, aside, size=_LARGE, colour=GREEN)
        self._take(17)
        self._write(self._margin, beside, size=_BODY, colour=SOFT)
        self._take(4)
        self._rule(GREEN, thickness=1.4)
        self._take(6)

    def section(self, text: str) -> None:
        self._need(24 + 3 * _ROW)
        self._take(26)
        self._write(self._margin, text, size=10, colour=GREEN)
        self._take(2)

    def facts(self, pairs: Sequence[tuple[str, str]], *, columns: int, label: float = 56) -> None:
        """What is what, in so many columns side by side."""
        share = self.room / columns
        for first in range(0, len(pairs), columns):
            self._take(_ROW + 2)
            for place, (name, value) in enumerate(pairs[first : first + columns]):
                x = self._margin + place * share
                self._write(x, name, size=_BODY, colour=SOFT)
                self._write(x + label, value, size=_BODY, width=share - label - 6)

    def figures(self, pairs: Sequence[tuple[str, str]]) -> None:
        """A band of large numbers."""
        share, height = self.room / len(pairs), 46
        self._take(height + 10)
        self._fill(self._margin, self._y, self.room, height, TINT)
        for place, (name, value) in enumerate(pairs):
            x = self._margin + place * share + 12
            self._write(x, name, size=_BODY, colour=SOFT, rise=29)
            self._write(x, value, size=13, rise=10, width=share - 16)

    def amount(self, text: str, *, colour: str, caption: str) -> None:
        """One amount, in the middle and larger than everything else, under what it was for."""
        self._take(30)
        self._write_middle(caption, size=10, colour=SOFT)
        self._take(40)
        self._write_middle(text, size=30, colour=colour)
        self._take(18)

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
        """With its head on every page; lines are drawn as they come, so there may be very many."""
        self._need(3 * _ROW)
        self._head(columns)
        waiting = iter(rows)
        row = next(waiting, None)
        while row is not None:
            # One text for all lines of a page: with one for each cell it would take three times as long.
            text = self._canvas.beginText()
            text.setFont(typeface().fontName, _SMALL)
            text.setFillColor(HexColor(INK))
            rules = self._canvas.beginPath()
            while row is not None and self._y - _ROW >= self._floor:
                self._y -= _ROW
                self._row(text, columns, row)
                rules.moveTo(self._margin, self._y - 4)
                rules.lineTo(self._width - self._margin, self._y - 4)
                row = next(waiting, None)
            self._canvas.drawText(text)
            self._canvas.setStrokeColor(HexColor(LINE))
            self._canvas.setLineWidth(0.4)
            self._canvas.drawPath(rules)
            if row is not None:
                self._begin_page()
                self._head(columns)

    def notes(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._take(12)
            self._write(self._margin, line, size=_SMALL, colour=SOFT, width=self.room)

    def proof(self, address: str, lines: Sequence[str]) -> None:
        """A QR code of the address at which the document can be checked, and what to say beside it."""
        side = 84
        self._take(side + 12)
        self._squares(address, side)
        top = side - 18
        for number, line in enumerate(lines):
            self._write(
                self._margin + side + 14,
                line,
                size=_SMALL if number else _BODY,
                colour=SOFT if number else INK,
                rise=top - number * 13,
                width=self.room - side - 14,
            )

    def finish(self) -> None:
        """Nothing can be written after that."""
        self._canvas.showPage()
        self._canvas.beginForm(_TOTAL)
        self._canvas.setFont(typeface().fontName, _SMALL)
        self._canvas.setFillColor(HexColor(SOFT))
        self._canvas.drawString(0, 0, f"共 {self._page} 页")
        self._canvas.endForm()
        self._canvas.save()

    @property
    def _floor(self) -> float:
        return self._margin + 14

    def _begin_page(self) -> None:
        if self._page:
            self._canvas.showPage()
        self._page += 1
        self._y = self._height - self._margin
        foot = self._margin - 6
        self._write(self._margin, f"{self._issuer} · {self._title}", size=_SMALL, colour=SOFT, at=foot)
        number = f"第 {self._page} 页，"
        right = self._width - self._margin - width_of("共 99999 页", _SMALL)
        self._write_right(right, number, size=_SMALL, colour=SOFT, at=foot)
        self._canvas.saveState()
        self._canvas.translate(right, foot)
        self._canvas.doForm(_TOTAL)
        self._canvas.restoreState()

    def _need(self, height: float) -> None:
        if self._y - height < self._floor:
            self._begin_page()

    def _take(self, height: float) -> None:
        """Go down by so much; what is written next stands on that line."""
        self._need(height)
        self._y -= height

    def _head(self, columns: Sequence[Column]) -> None:
        self._take(_ROW + 4)
        self._fill(self._margin, self._y - 4, self.room, _ROW + 3, TINT)
        x = self._margin
        for column in columns:
            shown, start = _placed(column, x, column.title)
            self._draw(start, self._y, shown, size=_SMALL, colour=SOFT)
            x += column.width

    def _row(self, text: PDFTextObject, columns: Sequence[Column], row: Sequence[str]) -> None:
        x = self._margin
        for column, cell in zip(columns, row, strict=True):
            if cell:
                shown, start = _placed(column, x, cell)
                text.setTextOrigin(start, self._y)
                text.textOut(shown)
            x += column.width

    def _write(
        self,
        x: float,
        text: str,
        *,
        size: float,
        colour: str = INK,
        width: float | None = None,
        rise: float = 0,
        at: float | None = None,
    ) -> None:
        shown = fitted(writable(text), size=size, width=width or self._width - self._margin - x)
        self._draw(x, (self._y if at is None else at) + rise, shown, size=size, colour=colour)

    def _write_right(
        self, right: float, text: str, *, size: float, colour: str, at: float | None = None
    ) -> None:
        shown = writable(text)
        self._draw(
            right - width_of(shown, size), self._y if at is None else at, shown, size=size, colour=colour
        )

    def _write_middle(self, text: str, *, size: float, colour: str) -> None:
        shown = fitted(writable(text), size=size, width=self.room)
        self._draw((self._width - width_of(shown, size)) / 2, self._y, shown, size=size, colour=colour)

    def _draw(self, x: float, y: float, text: str, *, size: float, colour: str) -> None:
        self._canvas.setFillColor(HexColor(colour))
        self._canvas.setFont(typeface().fontName, size)
        self._canvas.drawString(x, y, text)

    def _fill(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self._canvas.setFillColor(HexColor(colour))
        self._canvas.rect(x, y, width, height, stroke=0, fill=1)

    def _rule(self, colour: str, *, thickness: float) -> None:
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(thickness)
        self._canvas.line(self._margin, self._y - 4, self._width - self._margin, self._y - 4)

    def _squares(self, address: str, side: float) -> None:
        across, dark = squares_of(address)
        step = side / across
        self._canvas.setFillColor(HexColor(INK))
        path = self._canvas.beginPath()
        for column, row in dark:
            path.rect(self._margin + column * step, self._y + side - (row + 1) * step, step, step)
        self._canvas.drawPath(path, stroke=0, fill=1)


def _placed(column: Column, left: float, text: str) -> tuple[str, float]:
    """What a cell shows of a text, and where it starts."""
    shown = fitted(writable(text), size=_SMALL, width=column.width - 6)
    if column.align is Align.RIGHT:
        return shown, left + column.width - 3 - width_of(shown, _SMALL)
    return shown, left + 3
