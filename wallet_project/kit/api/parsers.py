"""Strict JSON: what was signed and checked is exactly what is read. Where a door says so, a picture."""

import json
import math
import unicodedata
from typing import IO, Any

from rest_framework.parsers import BaseParser, MultiPartParser

from wallet_project.kit import pictures
from wallet_project.kit.errors import BodyTooLarge, MalformedBody

MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
MAX_DIGITS = 19


class StrictJSONParser(BaseParser):
    """Refuses big bodies, deep nesting, duplicate keys, NUL, lone surrogates, NaN and huge integers."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        return parse_strictly(stream.read(MAX_BYTES + 1))


class PictureParser(MultiPartParser):
    """A form with a picture in it, as wx.uploadFile sends one; one that is too big is refused unread."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        limit = pictures.MAX_BYTES + MAX_BYTES
        if int(parser_context["request"].META.get("CONTENT_LENGTH") or 0) > limit:
            raise BodyTooLarge(limit=limit)
        return super().parse(stream, media_type, parser_context)


def parse_strictly(raw: bytes) -> Any:
    """
    :raises BodyTooLarge: more than 64 KB
    :raises MalformedBody: not strict JSON; `reason` says which rule was broken
    """
    if len(raw) > MAX_BYTES:
        raise BodyTooLarge(limit=MAX_BYTES)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedBody(reason="not UTF-8") from None
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        raise MalformedBody(reason=f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    return _clean(value)


def _check_depth(text: str) -> None:
    depth, quoted, escaped = 0, False, False
    for character in text:
        if quoted:
            quoted, escaped = (escaped or character != '"'), (not escaped and character == "\\")
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise MalformedBody(reason=f"nested more than {MAX_DEPTH} deep")
        elif character in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = {_clean(key): value for key, value in pairs}
    if len(result) != len(pairs):
        raise MalformedBody(reason="a key appears twice")
    return result


def _no_constant(name: str) -> Any:
    raise MalformedBody(reason=f"{name} is not JSON")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise MalformedBody(reason="a number is too long")
    return int(digits)


def _float(digits: str) -> float:
    if len(digits) > 40:
        raise MalformedBody(reason="a number is too long")
    number = float(digits)
    if not math.isfinite(number):
        raise MalformedBody(reason="a number is too large")
    return number


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        if "\0" in value:
            raise MalformedBody(reason="a text contains NUL")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise MalformedBody(reason="a text contains a lone surrogate")
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return value
