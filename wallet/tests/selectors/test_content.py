"""What may be written to somebody else."""

import pytest
from django.db import IntegrityError, transaction

from wallet.errors import TextRefused
from wallet.models import ForbiddenWord
from wallet.selectors.content import clean_text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("   ", ""),
        ("谢谢  小明", "谢谢 小明"),
        ("ＡＡ 制", "AA 制"),
        ("😀", "😀"),
        ("公安局旁边的面馆", "公安局旁边的面馆"),
    ],
)
def test_a_text_is_kept_in_one_spelling(written, kept):
    assert clean_text(written, longest=50) == kept


@pytest.mark.parametrize("text", ["一起赌博", "赌 博", "赌.博", "赌\u2003博", "请把钱转到安全账户", "刷-单"])
def test_a_forbidden_word_is_found_however_it_is_spelled(text):
    with pytest.raises(TextRefused) as refused:
        clean_text(text, longest=50)

    assert refused.value.detail == {"reason": "FORBIDDEN"}


def test_letters_that_look_alike_are_the_same_letter():
    word = ForbiddenWord(word="casino", note="网络赌博")
    word.full_clean()
    word.save()

    for text in ("CASINO", "cаsіno", "c4s1n0", "c a s i n o", "ｃａｓｉｎｏ"):
        with pytest.raises(TextRefused):
            clean_text(text, longest=50)


def test_a_word_that_is_switched_off_forbids_nothing():
    ForbiddenWord.objects.update(is_active=False)

    assert clean_text("赌博", longest=50) == "赌博"


def test_a_text_is_as_long_as_it_is_shown():
    with pytest.raises(TextRefused) as refused:
        clean_text("ﷺﷺ", longest=20)  # two characters that are eighteen each

    assert refused.value.detail == {"reason": "TOO_LONG"}


@pytest.mark.parametrize("text", ["…", "Z\u0337\u0321\u0327a\u0338\u0321l"])
def test_a_text_can_be_read(text):
    with pytest.raises(TextRefused) as refused:
        clean_text(text, longest=50)

    assert refused.value.detail == {"reason": "UNREADABLE"}


def test_the_list_is_not_asked_for_every_text(django_assert_num_queries):
    with django_assert_num_queries(1):
        clean_text("谢谢", longest=50)
        clean_text("不客气", longest=50)


def test_a_word_of_nothing_cannot_be_stored():
    with pytest.raises(IntegrityError, match="a_forbidden_word_says_something"), transaction.atomic():
        ForbiddenWord.objects.create(word="…", folded="", note="")
