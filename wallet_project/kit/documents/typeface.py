"""The one typeface of our documents: what it can write, how wide that is, and what stands in for the rest."""

import unicodedata
from functools import cache

from django.conf import settings
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

MISSING = "〓"  # by which Chinese printers have always shown that a type was not at hand
# controls, format and direction marks, surrogates, combining marks that no composed character was found for
_UNSEEN = {"Cc", "Cf", "Cs", "Mn", "Me"}


@cache
def typeface() -> TTFont:
    """The font of DOCUMENT_FONT, known to reportlab by its own name."""
    font = TTFont("Document", str(settings.DOCUMENT_FONT))
    pdfmetrics.registerFont(font)
    return font


def writable(text: str) -> str:
    """The same text in characters that the typeface has: 〓 for others, nothing for what cannot be seen."""
    return unicodedata.normalize("NFC", text).translate(_types())


def width_of(text: str, size: float) -> float:
    """In points; of a writable text."""
    widths = typeface().face.charWidths
    return sum(widths[ord(character)] for character in text) * size / 1_000


def fitted(text: str, *, size: float, width: float) -> str:
    """A writable text, cut off with … where it would be wider than that."""
    if width_of(text, size) <= width:
        return text
    room = width - width_of("…", size)
    kept = 0
    for character in text:
        room -= width_of(character, size)
        if room < 0:
            break
        kept += 1
    return f"{text[:kept].rstrip()}…"


class _Types(dict[int, int | str]):
    """Code point → what is written for it, found out when it first comes up."""

    def __missing__(self, code: int) -> int | str:
        self[code] = written = self._written(code)
        return written

    def _written(self, code: int) -> int | str:
        if chr(code).isspace():
            return " "
        if code in typeface().face.charToGlyph:
            return code
        return "" if unicodedata.category(chr(code)) in _UNSEEN else MISSING


@cache
def _types() -> _Types:
    return _Types()
