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
_MARKS = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]"
_STACKED_MARKS = re.compile(f"({_MARKS}){_MARKS}+")
# controls, format and direction marks, private use, surrogates, line and paragraph separators
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
# except the joiner that makes one picture of two: 🙋‍♀️
_JOINER = re.compile(
    "(?<=[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2600-\u27bf\u2b1b\u27a1\U0001f000-\U0001faff])"
)
_EMPTY_LINES = re.compile("\n{3,}")


def tidy(text: str) -> str:
    """One spelling: compatibility forms become plain (NFKC), Chinese punctuation stays, spaces are single."""
    spelled = _PROSE.sub(lambda part: unicodedata.normalize("NFKC", part[0]), text)
    return " ".join(spelled.split())


def tidy_prose(text: str) -> str:
    """
    The same for what has lines: nothing that cannot be seen, no towers of marks, and never more than one
    empty line.
    """
    lines = [
        tidy(_STACKED_MARKS.sub(r"\1", without_invisible(line.expandtabs(1)))) for line in text.splitlines()
    ]
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def without_invisible(text: str) -> str:
    """What is left when characters go that are not seen, or turn the direction of those that are."""
    parts = _JOINER.split(text)
    return "\u200d".join("".join(filter(_may_be_seen, part)) for part in parts)


def has_invisible(text: str) -> bool:
    return without_invisible(text) != text


def is_readable(text: str) -> bool:
    """Something to see, and no towers of marks on it."""
    return not _STACKED_MARKS.search(text) and any(_is_visible(character) for character in text)


def skeleton(text: str) -> str:
    """What a hasty reader sees: no case, no look-alikes, nothing between the letters."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LOOK_ALIKES)
    return "".join(character for character in plain if character.isalnum())


def _may_be_seen(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in {"L", "N", "S"}
