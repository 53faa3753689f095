"""One spelling, readable, and compared by how it looks."""

import pytest

from wallet_project.kit.texts import is_readable, skeleton, tidy, tidy_prose


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  晚  饭 ", "晚 饭"),
        ("ＡＡ", "AA"),
        ("e\u0301", "é"),
        ("①", "1"),
        ("", ""),
        ("恭喜发财，大吉大利！", "恭喜发财，大吉大利！"),
    ],
)
def test_a_text_has_one_spelling(written, kept):
    assert tidy(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("第一行 \r\n\r\n\n\n 第二行\t完", "第一行\n\n第二行 完"),
        ("付\u200b款\u202e失败\x00", "付款失败"),
        ("Z\u0337\u0321\u0327a", "Z\u0337a"),
        ("🙋\u200d♀\ufe0f 你好", "🙋\u200d♀\ufe0f 你好"),
        ("\u2028\u200b", ""),
    ],
)
def test_prose_keeps_its_lines_and_nothing_that_cannot_be_seen(written, kept):
    assert tidy_prose(written) == kept


@pytest.mark.parametrize("text", ["谢谢", "AA", "😀", "8折"])
def test_what_is_there_can_be_read(text):
    assert is_readable(text)


@pytest.mark.parametrize("text", ["", "…", "——", "Z\u0337\u0321\u0327a\u0338\u0321l"])
def test_dots_and_towers_cannot(text):
    assert not is_readable(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Casino", "c a s i n o"),
        ("casino", "CАSІNO"),
        ("casino", "ca$1no"),
        ("赌博", "赌.博"),
        ("客服", "愙服"),
    ],
)
def test_what_looks_alike_is_the_same(one, other):
    assert skeleton(one) == skeleton(other)


def test_different_words_stay_different():
    assert skeleton("赌博") != skeleton("赌场")
