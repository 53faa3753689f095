"""Arms by hash, and what a difference is worth."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coupons.rules.experiments import (
    MISMATCH_AT,
    Arm,
    Sample,
    Split,
    arm_by_hash,
    is_too_small,
    lift,
    mismatch,
    t_quantile,
    welch,
)

HALF = Split(holdout=1000, b=5000)


@given(
    key=st.text("abcdefgh-", min_size=1, max_size=32),
    holdout=st.integers(500, 2000),
    b=st.integers(0, 9999),
)
def test_people_are_spread_as_was_asked(key, holdout, b):
    split = Split(holdout=holdout, b=b)

    people = Counter(arm_by_hash(key, person, split) for person in range(2_000))

    assert mismatch(people, split) > 1e-7
    assert not people[Arm.B] or b


def test_one_experiment_says_nothing_about_another():
    """Of those whom one holds out, the other holds out a tenth, too, and shows B to half of the rest."""
    held = [person for person in range(50_000) if arm_by_hash("spring", person, HALF) == Arm.HOLDOUT]

    assert mismatch(Counter(arm_by_hash("autumn", person, HALF) for person in held), HALF) > 0.01


@given(person=st.integers(1, 2**40), b=st.integers(0, 9999))
def test_more_of_b_takes_nobody_out_of_the_held_out(person, b):
    before, after = (arm_by_hash("spring", person, Split(holdout=1000, b=share)) for share in (b, 9999))

    assert (before == Arm.HOLDOUT) == (after == Arm.HOLDOUT)
    assert before != Arm.B or after == Arm.B


@pytest.mark.parametrize(
    ("freedom", "tabled"), [(10, 2.2281), (25, 2.0595), (30, 2.0423), (100, 1.9840), (10**6, 1.9600)]
)
def test_students_t_is_as_tabled(freedom, tabled):
    assert t_quantile(freedom) == pytest.approx(tabled, abs=2e-4)


def test_a_known_example_of_welch():
    """n = 15 each, means 20.8 and 23.0, variances 7.9 and 3.8: 24.9 degrees of freedom, p = 0.02."""
    found = welch(Sample(people=15, mean=23.0, variance=3.8), Sample(people=15, mean=20.8, variance=7.9))

    assert found.by == pytest.approx(2.2)
    assert (found.low, found.high) == (pytest.approx(0.3808, abs=1e-3), pytest.approx(4.0192, abs=1e-3))
    assert found.is_sure


def test_a_lift_is_relative_to_those_held_out():
    treated, control = (Sample(people=5_000, mean=mean, variance=400.0) for mean in (22.0, 20.0))

    found = lift(treated, control)

    assert found.by == pytest.approx(0.1)
    # By the delta method: sqrt(0.08 / 400 + 0.08 · 1.21 / 400) · 1.96
    assert found.high - found.by == pytest.approx(0.04121, abs=1e-4)
    assert lift(treated, Sample(people=5_000, mean=0.0, variance=0.0)) is None


def test_few_people_say_nothing_and_an_uneven_split_is_noticed():
    assert is_too_small(Sample(people=99, mean=1, variance=1), Sample(people=10_000, mean=1, variance=1))
    assert mismatch({Arm.HOLDOUT: 1_000, Arm.A: 9_000}, Split(holdout=1000)) == pytest.approx(1)
    assert mismatch({Arm.HOLDOUT: 870, Arm.A: 9_130}, Split(holdout=1000)) < MISMATCH_AT
    # chi-square of 3.841 with one degree of freedom is p = 0.05, of 5.991 with two as well
    assert mismatch({Arm.HOLDOUT: 1_000 + 58.8, Arm.A: 9_000 - 58.8}, Split(holdout=1000)) == pytest.approx(
        0.05, abs=1e-3
    )
