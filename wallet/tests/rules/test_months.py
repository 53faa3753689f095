"""Months that follow each other."""

from hypothesis import given
from hypothesis import strategies as st

from wallet.rules.months import add_months, months_ending, months_of

MONTHS = st.builds(lambda year, month: f"{year}-{month:02d}", st.integers(2000, 2099), st.integers(1, 12))


def test_a_year_turns():
    assert add_months("2026-12", 1) == "2027-01"
    assert add_months("2026-01", -1) == "2025-12"
    assert months_ending("2026-02", 3) == ["2025-12", "2026-01", "2026-02"]
    assert months_of("2026") == months_ending("2026-12", 12)


@given(month=MONTHS, there=st.integers(-300, 300))
def test_there_and_back_is_the_same_month(month, there):
    moved = add_months(month, there)

    assert add_months(moved, -there) == month
    assert (moved > month) == (there > 0)
