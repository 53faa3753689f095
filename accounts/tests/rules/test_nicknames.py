"""Names that can be read, and are not mistaken for ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.nicknames import NotANickname, normalise_nickname


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("小明", "小明"),
        ("  小  明 ", "小 明"),
        ("Ｔｏｍ", "Tom"),
        ("José", "José"),
        ("e\u0301va", "éva"),
        ("😀猫", "😀猫"),
        ("阿依·买买提", "阿依·买买提"),
        ("ﬁona", "fiona"),
    ],
)
def test_a_name_has_one_spelling(written, kept):
    assert normalise_nickname(written) == kept


@pytest.mark.parametrize(
    "name",
    [
        "客服小李",
        "客 服",
        "客.服",
        "Admin",
        "ＡＤＭＩＮ",
        "аdmin",  # a Cyrillic а
        "4dm1n",
        "a d m i n",
        "Òfficial",
        "官方账号",
        "宫方",
        "微信支付",
        "系統消息",
        "𝓢𝓾𝓹𝓹𝓸𝓻𝓽",
    ],
)
def test_nobody_is_called_like_us(name):
    with pytest.raises(NotANickname) as refused:
        normalise_nickname(name)

    assert refused.value.reason == "OFFICIAL"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "EMPTY"),
        ("   ", "EMPTY"),
        ("名" * 21, "TOO_LONG"),
        ("ﷺﷺ", "TOO_LONG"),
        ("Z\u0337\u0321\u0327a\u0338\u0321l", "UNREADABLE"),
        ("......", "UNREADABLE"),
    ],
)
def test_what_cannot_be_read_or_shown_is_no_name(name, reason):
    with pytest.raises(NotANickname) as refused:
        normalise_nickname(name)

    assert refused.value.reason == reason


@given(st.text(max_size=30))
def test_a_kept_name_stays_as_it_is(text):
    try:
        name = normalise_nickname(text)
    except NotANickname:
        return
    assert normalise_nickname(name) == name
