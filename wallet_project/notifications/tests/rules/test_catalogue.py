"""Every row of the catalogue says what it means to say, in both languages."""

import re

import pytest

from wallet_project.notifications.rules.catalogue import CATALOGUE
from wallet_project.notifications.rules.notices import ChannelKind, is_page
from wallet_project.notifications.rules.triggers import NOTICES
from wallet_project.notifications.rules.variables import (
    as_kept,
    fill,
    fill_link,
    in_words,
    is_template,
    variables_of,
)

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def examples_of(row):
    return {name: variable.example for name, variable in row.variables.items()}


def test_no_two_rows_have_one_code():
    from wallet_project.notifications.rules.catalogue import _ROWS

    assert len(_ROWS) == len(CATALOGUE) > 40
    assert set(NOTICES.values()) <= set(CATALOGUE)


@pytest.mark.parametrize("row", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_a_row_is_rendered_with_every_fact_in_both_languages(row):
    kept = as_kept(row.variables, examples_of(row))
    words = in_words(row.variables, kept)

    used = variables_of(row.link)
    for (title, body), has_chinese in ((row.zh, True), (row.en, False)):
        assert is_template(title)
        assert is_template(body)
        assert len(title) <= 40
        assert len(body) <= 300
        used |= variables_of(title) | variables_of(body)
        said = f"{fill(title, words)} {fill(body, words)}"
        assert "{" not in said
        plain = re.sub(r"\{\w+\}", "", title + body)
        assert not plain or bool(CHINESE.search(plain)) is has_chinese

    assert used == set(row.variables), "a fact that nobody reads, or a text that speaks of what is not known"
    assert not row.link or is_page(row.link)
    assert "{" not in fill_link(row.link, kept)
    assert ChannelKind.INBOX in row.channels
    assert (ChannelKind.SMS in row.channels) == bool(row.sms)
