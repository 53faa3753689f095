"""How a Chinese name is written, so that the registry is asked for the name it knows."""

import re
import unicodedata

# The dot between the parts of a name, 买买提·艾力, as keyboards and papers have it.
_DOTS = re.compile("[\u2022\u2027\u2219\u22c5\u30fb\u00b7\uff0e.]")
# Every block of ideographs, for the rare characters in names (𬭎, 㛃) and 〇.
_IDEOGRAPH = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_NAME = re.compile(f"[{_IDEOGRAPH}]+(?:·[{_IDEOGRAPH}]+)*")

LONGEST = 30


class NotAName(ValueError):
    """Not a name as a mainland identity card has it."""


def normalise_name(text: str) -> str:
    """
    Ideographs, with `·` between the parts of a name that has parts.

    :raises NotAName: too short, too long, or with anything else in it
    """
    compact = "".join(unicodedata.normalize("NFKC", text).split())
    name = _DOTS.sub("·", compact)
    if not 2 <= len(name) <= LONGEST or not _NAME.fullmatch(name):
        raise NotAName
    return name
