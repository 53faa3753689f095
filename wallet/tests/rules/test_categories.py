"""What a line is, and which rule decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.rules.categories import (
    DIRECTION_OF_NATURE,
    NATURES,
    OTHER,
    Line,
    Nature,
    Rule,
    category_by_rules,
    habit_key,
    words_of,
)
from wallet.rules.kinds import DIRECTIONS, RecordKind

WORDS = st.sampled_from(["咖啡", "超市", "ktv", "电费", "面", "a"])
KINDS = st.sampled_from([kind.value for kind in RecordKind])
PARTIES = st.sampled_from(["", "store:renmin", "store:xinmin", "user:7"])
LINES = st.builds(
    Line,
    kind=KINDS,
    title=st.lists(WORDS, max_size=3).map(" ".join),
    counterparty=PARTIES,
    counterparty_name=st.sampled_from(["", "人民路咖啡店", "超市发"]),
)
RULES = st.lists(
    st.builds(
        Rule,
        category=st.sampled_from(["food", "shopping", "leisure"]),
        kind=st.one_of(st.just(""), KINDS),
        counterparty=PARTIES,
        words=st.lists(WORDS, max_size=2).map(tuple),
    ),
    max_size=8,
)


def test_every_kind_has_a_nature_that_goes_its_way():
    assert set(NATURES) == set(RecordKind)
    assert {DIRECTION_OF_NATURE[NATURES[kind]] == DIRECTIONS[kind] for kind in RecordKind} == {True}
    assert set(DIRECTION_OF_NATURE) == set(Nature)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Rule(category="food"), True),
        (Rule(category="food", kind="payment"), True),
        (Rule(category="food", kind="bill"), False),
        (Rule(category="food", counterparty="store:renmin"), True),
        (Rule(category="food", counterparty="store:renmin-2"), False),
        (Rule(category="food", counterparty="store:"), False),
        (Rule(category="food", words=("咖啡",)), True),
        (Rule(category="food", words=("超市", "咖啡")), True),
        (Rule(category="food", words=("超市",)), False),
        (Rule(category="food", words=("人民路",)), True),
        (Rule(category="food", kind="payment", counterparty="store:renmin", words=("超市",)), False),
    ],
)
def test_everything_a_rule_names_must_fit(rule, fits):
    line = Line(kind="payment", title="挂耳咖啡", counterparty="store:renmin", counterparty_name="人民路店")

    assert rule.fits(line) is fits


def test_a_word_does_not_reach_from_the_title_into_the_name():
    line = Line(kind="payment", title="一杯咖", counterparty_name="啡色小店")

    assert not Rule(category="food", words=("咖啡",)).fits(line)


@pytest.mark.parametrize("title", ["KTV", "ktv", "Ｋtｖ", "欢唱ＫＴＶ"])
def test_one_word_is_one_word_however_it_is_written(title):
    rule = Rule(category="leisure", words=words_of("电影 ＫＴＶ"))

    assert rule.fits(Line(kind="payment", title=title))


@given(line=LINES, rules=RULES)
def test_the_first_that_fits_decides_and_always_the_same(line, rules):
    decided = category_by_rules(line, rules)

    assert decided == category_by_rules(line, list(rules))
    fitting = [rule for rule in rules if rule.fits(line)]
    assert decided == (fitting[0].category if fitting else OTHER)


@given(line=LINES, rules=RULES, later=RULES)
def test_what_comes_later_changes_nothing_that_is_decided(line, rules, later):
    if any(rule.fits(line) for rule in rules):
        assert category_by_rules(line, [*rules, *later]) == category_by_rules(line, rules)
    else:
        assert category_by_rules(line, [*rules, *later]) == category_by_rules(line, later)


@given(line=LINES, rules=RULES)
def test_rules_that_do_not_fit_might_as_well_not_be_there(line, rules):
    """What the database leaves out, because kind or counterparty are others, decides nothing."""
    asked = [
        rule
        for rule in rules
        if rule.kind in ("", line.kind) and rule.counterparty in {"", line.counterparty}
    ]

    assert category_by_rules(line, asked) == category_by_rules(line, rules)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (Line(kind="payment", title="两杯拿铁", counterparty="store:renmin"), "store:renmin"),
        (Line(kind="payment", title="挂耳咖啡 10 片"), "title:挂耳咖啡片"),
        (Line(kind="payment", title="挂耳咖啡 20 片！"), "title:挂耳咖啡片"),
        (Line(kind="payment", title="ＣＯＦＦＥＥ"), "title:coffee"),
        (Line(kind="payment", title="12345 ——"), ""),
    ],
)
def test_a_correction_is_remembered_for_whom_was_paid_or_for_the_letters_of_the_title(line, key):
    assert habit_key(line) == key


@given(st.text(max_size=128))
def test_whatever_a_title_is_its_key_is_short_enough_to_keep(title):
    assert len(habit_key(Line(kind="payment", title=title))) <= 70


def test_a_title_that_grows_in_its_plain_spelling_is_cut():
    assert len(habit_key(Line(kind="payment", title="\ufdfa" * 128))) == 70
