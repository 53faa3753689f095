"""What people write for others to read: in one spelling, readable, and compared by how it looks."""

import re
import unicodedata

# Letters that look like Latin ones, digits that stand in for letters, an l that could be an i; and characters
# that a hasty reader takes for those of our own titles.
_LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("авекмнорстхіуѕј", "abekmhopctxiysj", strict=True)),
        **dict(zip("αβεικνορτχ", "abeiknoptx", strict=True)),
        **dict(zip("01345$@l", "oieassai", strict=True)),
        **dict(zip("宫宮愙恪箮員務統", "官官客客管员务统", strict=True)),
    }
)
_PROSE = re.compile("[^，！？：；（）～]+")  # what Chinese sentences are punctuated with stays as it is
_STACKED_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{2}")


def tidy(text: str) -> str:
    """One spelling: compatibility forms become plain (NFKC), Chinese punctuation stays, spaces are single."""
    spelled = _PROSE.sub(lambda part: unicodedata.normalize("NFKC", part[0]), text)
    return " ".join(spelled.split())


def is_readable(text: str) -> bool:
    """Something to see, and no towers of marks on it."""
    return not _STACKED_MARKS.search(text) and any(_is_visible(character) for character in text)


def skeleton(text: str) -> str:
    """What a hasty reader sees: no case, no look-alikes, nothing between the letters."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LOOK_ALIKES)
    return "".join(character for character in plain if character.isalnum())


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in {"L", "N", "S"}
