"""What somebody may call themselves: readable by others, and not mistaken for us."""

import re
import unicodedata

LONGEST = 20

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
_TITLES = [
    *("客服", "官方", "管理员", "系统", "工作人员", "审核员", "财务", "风控", "反诈", "公安", "警察"),
    *("法院", "银行", "微信支付", "财付通", "腾讯", "wechat", "weixin", "admin", "official", "service"),
    *("support", "system", "root"),
]
_STACKED_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{2}")


class NotANickname(ValueError):
    """Nobody could read it, or somebody would take its owner for us; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normalise_nickname(text: str) -> str:
    """
    One spelling: compatibility forms become plain ones (NFKC), spaces are single.

    :raises NotANickname: EMPTY, TOO_LONG, UNREADABLE or OFFICIAL
    """
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not name:
        raise NotANickname("EMPTY")
    if len(name) > LONGEST:
        raise NotANickname("TOO_LONG")
    if _STACKED_MARKS.search(name) or not any(_is_visible(character) for character in name):
        raise NotANickname("UNREADABLE")
    skeleton = _skeleton(name)
    if any(_skeleton(title) in skeleton for title in _TITLES):
        raise NotANickname("OFFICIAL")
    return name


def _skeleton(name: str) -> str:
    """What a hasty reader sees: no case, no look-alikes, nothing between the letters."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LOOK_ALIKES)
    return "".join(character for character in plain if character.isalnum())


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in {"L", "N", "S"}
