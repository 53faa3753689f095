"""How a phone number is written, so that one number has one spelling and one owner."""

import re
import unicodedata

_MAINLAND = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})", re.ASCII)
_ABROAD = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_SEPARATORS = re.compile(r"[\s\-()]")


class NotAPhone(ValueError):
    """Neither a mainland mobile number nor an international one."""


def normalise_phone(text: str) -> str:
    """
    Mainland mobiles as 11 digits, all others as +CC followed by the number (E.164).

    :raises NotAPhone: it is neither
    """
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if mainland := _MAINLAND.fullmatch(compact):
        return mainland[1]
    if _ABROAD.fullmatch(compact) and not compact.startswith("+86"):
        return compact
    raise NotAPhone
