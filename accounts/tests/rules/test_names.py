"""Names as mainland ID cards have them."""

import pytest

from accounts.rules.names import NotAName, normalise_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张伟", "张伟"),
        (" 张 伟 ", "张伟"),
        ("张\u3000伟", "张伟"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("王㛃", "王㛃"),  # extension A
        ("李𬭎", "李𬭎"),  # extension E
        ("⼘金", "卜金"),  # a radical that looks like the ideograph
    ],
)
def test_one_name_has_one_spelling(written, name):
    assert normalise_name(written) == name


@pytest.mark.parametrize(
    "wrong", ["", "张", "Zhang Wei", "张伟1", "·张伟", "张伟·", "张··伟", "张伟<b>", "张*", "🙂🙂", "张" * 31]
)
def test_what_no_card_has_is_refused(wrong):
    with pytest.raises(NotAName):
        normalise_name(wrong)
