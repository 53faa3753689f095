"""A picture is looked at before it is unpacked, and what is kept of it is our own."""

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from PIL import Image

from wallet_project.kit.pictures import MAX_BYTES, NoPicture, made_anew


def written(form, *, mode="RGB", size=(60, 40), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "red").convert(mode).save(out, form, **options)
    return out.getvalue()


def moving(form):
    frames, out = [Image.new("RGB", (9, 9), colour) for colour in ("red", "green", "blue")], io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


def claiming(width, height):
    """A PNG of a few bytes that says of itself how big it is."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


@pytest.mark.parametrize(
    ("form", "mode"),
    [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("WEBP", "RGB")],
)
def test_what_people_send_becomes_a_jpeg(form, mode):
    kept = made_anew(written(form, mode=mode))

    with Image.open(io.BytesIO(kept.content)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (60, 40))
    assert (kept.width, kept.height) == (60, 40)


def test_nothing_of_the_file_outlives_it_and_it_stands_as_it_was_held():
    told = Image.Exif()
    told[0x0112], told[0x010F] = 6, "SecretPhone"  # turned by 90 degrees; made by
    told.get_ifd(0x8825)[1] = "N"  # a place
    sent = written("JPEG", exif=told, comment=b"secret") + b"<script>alert(1)</script>PK\x03\x04"

    kept = made_anew(sent)

    assert (kept.width, kept.height) == (40, 60)
    assert not any(word in kept.content for word in (b"Exif", b"SecretPhone", b"secret", b"script", b"PK"))


def test_what_is_more_than_a_screen_shows_is_made_smaller():
    kept = made_anew(written("JPEG", size=(4_000, 3_000)))

    assert kept.width * kept.height <= 4_000_000
    assert kept.width / kept.height == pytest.approx(4 / 3, abs=0.01)


def test_several_pictures_of_a_phone_in_one_file_are_its_first():
    assert made_anew(moving("MPO")).width == 9


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html><script>alert(1)</script>", id="a page"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', id="SVG"),
        pytest.param(b"%PDF-1.7", id="PDF"),
        pytest.param(written("GIF"), id="GIF"),
        pytest.param(written("TIFF"), id="TIFF"),
        pytest.param(written("ICO"), id="ICO"),
        pytest.param(moving("PNG"), id="moving PNG"),
        pytest.param(moving("WEBP"), id="moving WebP"),
        pytest.param(claiming(50_000, 50_000), id="a bomb"),
        pytest.param(claiming(6_000, 5_000), id="too many pixels"),
        pytest.param(claiming(20_000, 10), id="too long"),
        pytest.param(claiming(60, 40), id="nothing behind the header"),
        pytest.param(written("JPEG", size=(600, 400))[:-400], id="broken off"),
        pytest.param(b"\xff\xd8\xff" + bytes(MAX_BYTES), id="too many bytes"),
    ],
)
def test_anything_else_is_refused(content):
    with pytest.raises(NoPicture):
        made_anew(content)


@given(
    place=st.integers(0, 10_000),
    value=st.binary(min_size=1, max_size=4),
    form=st.sampled_from(["JPEG", "PNG"]),
)
@limits(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_broken_in_a_file_it_is_a_picture_or_none(place, value, form):
    content = bytearray(written(form))
    place %= len(content)
    content[place : place + len(value)] = value

    with suppress(NoPicture):
        assert made_anew(bytes(content)).content.startswith(b"\xff\xd8\xff")
