"""Every text of ours has its English, every text of the admin theme its Chinese, and both are compiled."""

import re
from pathlib import Path

import django
import polib
import pytest
import unfold
from django import forms
from django.utils.translation import override

from wallet_project.management.catalogues import LOCALE, catalogue, compiled, our_texts, texts_in


def test_every_text_of_ours_is_in_english():
    english = {entry.msgid: entry.msgstr for entry in catalogue("en")}

    assert set(english) == our_texts(), "run manage.py messages"
    assert [text for text, translated in english.items() if not translated] == []


def test_a_translation_keeps_the_placeholders():
    for entry in catalogue("en"):
        assert re.findall(r"\{\w*\}|%\(?\w", entry.msgid) == re.findall(r"\{\w*\}|%\(?\w", entry.msgstr), (
            entry.msgid
        )


def test_every_text_of_the_admin_theme_is_in_chinese():
    theme = set(texts_in(Path(unfold.__file__).parent, without={"contrib"}))

    known = {entry.msgid for entry in catalogue("zh_Hans").translated_entries()}
    for path in ("conf/locale", "contrib/admin/locale", "contrib/auth/locale"):
        shipped = Path(django.__file__).parent / path / "zh_Hans" / "LC_MESSAGES" / "django.po"
        known |= {entry.msgid for entry in polib.pofile(str(shipped)).translated_entries()}

    assert len(theme) > 80
    assert theme - known == set()


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_what_django_reads_is_what_was_written(language):
    kept = (LOCALE / language / "LC_MESSAGES" / "django.mo").read_bytes()

    assert kept == compiled(language), "run manage.py messages"


def test_a_refusal_is_told_in_the_language_of_who_asks(client, db):
    chinese = client.get("/api/v1/wallet", headers={"accept-language": "zh-CN"}).json()
    english = client.get("/api/v1/wallet", headers={"accept-language": "en"}).json()

    assert (chinese["code"], chinese["message"]) == ("NOT_AUTHENTICATED", "请先登录")
    assert (english["code"], english["message"]) == ("NOT_AUTHENTICATED", "Please log in first")


def test_the_admin_speaks_chinese_to_everybody(client, db):
    page = client.get("/admin/login/", headers={"accept-language": "en"}).content.decode()

    assert "忘记密码" in page
    assert "Log in" not in page


def test_a_form_refuses_in_words_of_those_who_fill_it_in():
    short, small = forms.CharField(min_length=4, max_length=5), forms.IntegerField(min_value=0, max_value=99)
    refused = {
        "至少 4 个字，现在是 2 个。": (short, "同意"),
        "最多 5 个字，现在是 6 个。": (short, "一二三四五六"),
        "不能小于 0。": (small, "-1"),
        "不能大于 99。": (small, "100"),
    }

    for words, (field, typed) in refused.items():
        with override("zh-hans"), pytest.raises(forms.ValidationError) as error:
            field.clean(typed)
        assert error.value.messages == [words]
