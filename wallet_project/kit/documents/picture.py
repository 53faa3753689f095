"""A picture to share, written from top to bottom like a paper: an amount, facts, a QR code."""

import io
from collections.abc import Sequence

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from wallet_project.kit.documents.paper import GREEN, INK, LINE, SOFT, TINT
from wallet_project.kit.documents.qr import squares_of
from wallet_project.kit.documents.typeface import fitted, width_of, writable

_WIDTH, _TALLEST = 750, 2_400  # the width in which mini-programs are designed
_EDGE, _INSIDE = 30, 44
_LEFT, _RIGHT = _EDGE + _INSIDE, _WIDTH - _EDGE - _INSIDE
_SMALL, _BODY = 22, 26


class Picture:
    """A white card on a tinted ground; coordinates are pixels from the upper left."""

    def __init__(self, *, issuer: str, title: str) -> None:
        self._image = Image.new("RGB", (_WIDTH, _TALLEST), "#ffffff")
        self._draw = ImageDraw.Draw(self._image)
        self._draw.rectangle((0, 0, _WIDTH, 124), fill=GREEN)
        self._y = 46
        name = writable(title)
        left = _RIGHT - width_of(name, _BODY)
        self._text(left, name, size=_BODY, colour="#ffffff")
        self._y = 40
        self._text(
            _LEFT, fitted(writable(issuer), size=34, width=left - _LEFT - 20), size=34, colour="#ffffff"
        )
        self._y = 168

    def headline(self, text: str) -> None:
        self._centred(text, size=30, colour=SOFT)
        self._y += 62

    def amount(self, text: str, *, colour: str = INK) -> None:
        self._centred(text, size=66, colour=colour)
        self._y += 136

    def fact(self, name: str, value: str) -> None:
        self._text(_LEFT, name, size=_BODY, colour=SOFT)
        room = _RIGHT - _LEFT - width_of(writable(name), _BODY) - 24
        shown = fitted(writable(value), size=_BODY, width=room)
        self._text(_RIGHT - width_of(shown, _BODY), shown, size=_BODY)
        self._y += 56

    def rule(self) -> None:
        self._y += 14
        for x in range(_LEFT, _RIGHT, 16):
            self._draw.line((x, self._y, x + 8, self._y), fill=LINE, width=2)
        self._y += 34

    def proof(self, address: str, lines: Sequence[str]) -> None:
        """A QR code of the address at which it can be checked, and what to say under it."""
        across, dark = squares_of(address)
        step = 260 // across
        left = (_WIDTH - step * across) // 2
        for column, row in dark:
            x, y = left + column * step, self._y + row * step
            self._draw.rectangle((x, y, x + step - 1, y + step - 1), fill=INK)
        self._y += step * across + 16
        for line in lines:
            self._centred(line, size=_SMALL, colour=SOFT)
            self._y += 36

    def png(self) -> bytes:
        height = self._y + 36
        ground = Image.new("RGB", (_WIDTH, height + 2 * _EDGE), TINT)
        ground.paste(self._image.crop((_EDGE, 0, _WIDTH - _EDGE, height)), (_EDGE, _EDGE))
        out = io.BytesIO()
        ground.save(out, "PNG", optimize=True)
        return out.getvalue()

    def _centred(self, text: str, *, size: int, colour: str) -> None:
        shown = fitted(writable(text), size=size, width=_RIGHT - _LEFT)
        self._text((_WIDTH - width_of(shown, size)) / 2, shown, size=size, colour=colour)

    def _text(self, x: float, text: str, *, size: int, colour: str = INK) -> None:
        font = ImageFont.truetype(settings.DOCUMENT_FONT, size, layout_engine=ImageFont.Layout.BASIC)
        self._draw.text((x, self._y), writable(text), font=font, fill=colour)
