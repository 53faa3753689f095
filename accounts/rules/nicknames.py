"""What somebody may call themselves: readable by others, and not mistaken for us."""

from wallet_project.kit.texts import is_readable, skeleton, tidy

LONGEST = 20

_TITLES = [
    *("客服", "官方", "管理员", "系统", "工作人员", "审核员", "财务", "风控", "反诈", "公安", "警察"),
    *("法院", "银行", "微信支付", "财付通", "腾讯", "wechat", "weixin", "admin", "official", "service"),
    *("support", "system", "root"),
]


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
    name = tidy(text)
    if not name:
        raise NotANickname("EMPTY")
    if len(name) > LONGEST:
        raise NotANickname("TOO_LONG")
    if not is_readable(name):
        raise NotANickname("UNREADABLE")
    seen = skeleton(name)
    if any(skeleton(title) in seen for title in _TITLES):
        raise NotANickname("OFFICIAL")
    return name


def name_in_words(nickname: str, name_masked: str | None) -> str:
    """小明（张*）, or the nickname alone of whoever has no verified name."""
    return f"{nickname}（{name_masked}）" if name_masked else nickname
