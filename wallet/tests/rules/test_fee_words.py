"""Fees in words: what the public page, the quote and the operators read."""

import pytest
from django.utils.translation import override
from hypothesis import given

from wallet.rules.fee_words import line_in_words, percent, terms_in_words
from wallet.rules.fees import FeeTerms, FreeQuota, fee_of
from wallet.tests.rules.test_fees import AMOUNTS, QUOTAS, terms


@pytest.mark.parametrize(
    ("rate", "words"),
    [(1, "0.01%"), (10, "0.1%"), (60, "0.6%"), (100, "1%"), (125, "1.25%"), (10_000, "100%")],
)
def test_a_rate_is_a_percentage(rate, words):
    assert percent(rate) == words


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (FeeTerms(), "免费"),
        (FeeTerms(flat=1_00), "每笔 ¥1.00"),
        (FeeTerms(least=50), "每笔 ¥0.50"),
        (FeeTerms(flat=1_00, rate=60), "每笔 ¥1.00 加金额的 0.6%"),
        (
            FeeTerms(rate=10, least=10, most=25_00, free=FreeQuota(amount=1_000_00)),
            "金额的 0.1%，最低 ¥0.10，最高 ¥25.00，每月 ¥1,000.00 以内免费",
        ),
        (FeeTerms(rate=10, free=FreeQuota(moves=3)), "金额的 0.1%，每月前 3 笔免费"),
    ],
)
def test_terms_are_a_sentence(asked, words):
    assert terms_in_words(asked) == words


def test_terms_are_a_sentence_in_english_too():
    asked = FeeTerms(rate=10, least=10, most=25_00, free=FreeQuota(amount=1_000_00, moves=3))

    with override("en"):
        assert terms_in_words(asked) == (
            "0.1% of the amount, at least ¥0.10, at most ¥25.00, the first 3 of a month are free,"
            " free up to ¥1,000.00 a month"
        )


@given(AMOUNTS, terms(), QUOTAS)
def test_every_line_has_words(amount, asked, left):
    assert all(line_in_words(line) for line in fee_of(amount, asked, left=left).lines)


def test_a_line_of_the_future_is_not_guessed():
    with pytest.raises(LookupError):
        line_in_words({"line": "surcharge", "amount": 1})
