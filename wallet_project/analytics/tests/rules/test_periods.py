"""Which days are meant, and how their numbers are read."""

from datetime import date
from decimal import Decimal

import pytest

from wallet_project.analytics.rules.metrics import Adds, Unit
from wallet_project.analytics.rules.periods import Against, Period, Span, compared_with, period_of
from wallet_project.analytics.rules.values import change_in_words, in_words, share_in_words, together

TODAY = date(2028, 2, 29)


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.TODAY, TODAY, TODAY),
        (Span.YESTERDAY, date(2028, 2, 28), date(2028, 2, 28)),
        (Span.WEEK, date(2028, 2, 23), TODAY),
        (Span.THIS_MONTH, date(2028, 2, 1), TODAY),
        (Span.YEAR, date(2027, 3, 2), TODAY),
    ],
)
def test_a_span_ends_today(span, first, last):
    assert period_of(span, today=TODAY) == Period(first=first, last=last)


@pytest.mark.parametrize(
    ("against", "first", "last"),
    [
        (Against.PREVIOUS, date(2028, 2, 27), date(2028, 2, 27)),
        (Against.WEEK, date(2028, 2, 21), date(2028, 2, 21)),
        (Against.YEAR, date(2027, 2, 28), date(2027, 2, 28)),
    ],
)
def test_as_many_days_are_compared(against, first, last):
    one_day = Period(first=date(2028, 2, 28), last=date(2028, 2, 28))
    assert compared_with(one_day, against) == Period(first=first, last=last)


def test_weeks_are_compared_with_whole_weeks_and_the_29th_of_february_with_the_28th():
    eight_days = Period(first=date(2028, 2, 22), last=TODAY)

    assert compared_with(eight_days, Against.WEEK) == Period(first=date(2028, 2, 8), last=date(2028, 2, 15))
    assert compared_with(Period(first=TODAY, last=TODAY), Against.YEAR) == Period(
        first=date(2027, 2, 28), last=date(2027, 2, 28)
    )
    assert compared_with(eight_days, Against.NOTHING) is None


def test_days_come_together_as_the_metric_says():
    assert together(Adds.SUM, [1, None, 2]) == 3
    assert together(Adds.LAST, [1, 5, None]) == 5
    assert together(Adds.NEVER, [1, None, 2]) == Decimal("1.5")
    assert together(Adds.SUM, [None]) is None


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        (Unit.FEN, 1_234_567, "¥12,345.67"),
        (Unit.FEN, -5, "-¥0.05"),
        (Unit.FEN, Decimal("99.5"), "¥1.00"),
        (Unit.COUNT, 1_234, "1,234"),
        (Unit.SECONDS, 59, "59 秒"),
        (Unit.SECONDS, 3_599, "59 分 59 秒"),
        (Unit.SECONDS, 3_660, "1 小时 1 分"),
        (Unit.SECONDS, 176_400, "2 天 1 小时"),
        (Unit.COUNT, None, "—"),
    ],
)
def test_a_value_is_read_in_its_unit(unit, value, words):
    assert in_words(unit, value) == words


def test_a_share_is_a_percentage_of_its_kind_and_else_in_the_unit_of_what_is_shared():
    assert share_in_words(Unit.COUNT, Unit.COUNT, Decimal("0.98765")) == "98.77%"
    assert share_in_words(Unit.FEN, Unit.COUNT, Decimal(1_250)) == "¥12.50"
    assert share_in_words(Unit.COUNT, Unit.COUNT, None) == "—"


def test_a_change_is_of_what_it_was_and_there_is_none_of_nothing():
    assert change_in_words(150, 100) == "▲ 50.0%"
    assert change_in_words(-3, -2) == "▼ 50.0%"
    assert change_in_words(5, 0) == ""
    assert change_in_words(5, None) == ""
    assert change_in_words(Decimal("0.5"), Decimal("0.4"), is_share=True) == "▲ 10.0 个百分点"
    assert change_in_words(Decimal("0.5"), 0, is_share=True) == "▲ 50.0 个百分点"
