"""
A picture that somebody sent: looked at before it is unpacked, and written anew.

What is kept is a JPEG of our own making. Nothing of the file outlives it: no EXIF with a place and a device,
no profile, no second file behind the picture.
"""

import io
import struct
from typing import NamedTuple

from PIL import Image, ImageOps

MAX_BYTES = 6 * 1024 * 1024
_FORMATS = ("JPEG", "PNG", "WEBP")
_MOVING = ("PNG", "WEBP")  # a JPEG's further pictures are a phone's own copies of it: the first one is meant
_MAX_PIXELS = 25_000_000  # 75 MB unpacked
_MAX_SIDE = 16_000
_KEPT_PIXELS = 4_000_000
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    EOFError,
    struct.error,
    Image.DecompressionBombError,
)


class NoPicture(Exception):
    """No picture of a kind that we take, broken, moving, or too big to be unpacked."""


class Picture(NamedTuple):
    content: bytes
    width: int
    height: int


def made_anew(content: bytes) -> Picture:
    """
    The picture as people see it: turned as it was held, at most four million pixels, as a JPEG.

    :raises NoPicture: whatever is wrong with it; one that is too big is refused by what its first bytes say
    """
    if len(content) > MAX_BYTES:
        raise NoPicture
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if not 0 < picture.width * picture.height <= _MAX_PIXELS or max(picture.size) > _MAX_SIDE:
                raise NoPicture
            if picture.format in _MOVING and getattr(picture, "n_frames", 1) > 1:
                raise NoPicture
            return _as_jpeg(_smaller(picture))
    except _BROKEN:
        raise NoPicture from None


def _smaller(picture: Image.Image) -> Image.Image:
    scale = min(1.0, (_KEPT_PIXELS / (picture.width * picture.height)) ** 0.5)
    wanted = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    picture.draft("RGB", wanted)  # a JPEG is unpacked no bigger than it needs to be
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((max(wanted), max(wanted)), Image.Resampling.LANCZOS)
    return turned


def _as_jpeg(picture: Image.Image) -> Picture:
    on_white = Image.new("RGB", picture.size, "white")
    seen = picture.convert("RGBA")
    on_white.paste(seen, mask=seen)
    out = io.BytesIO()
    on_white.save(out, "JPEG", quality=85, optimize=True)
    return Picture(out.getvalue(), *on_white.size)
