"""A tier follows what somebody grew by: up at once, down when it is taken back or after a grace."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from coupons.rules.membership import (
    ChangeCause,
    Place,
    Rung,
    after_growth,
    after_review,
    counts_from,
    counts_until,
    grown_by,
    protected_until,
    rung_for,
)

RUNGS = [
    Rung(code="member", threshold=0),
    Rung(code="silver", threshold=100, protected_months=1, grace_days=10),
    Rung(code="gold", threshold=300, protected_months=3, grace_days=30),
]
THRESHOLDS = {rung.code: rung.threshold for rung in RUNGS}
START = date(2026, 1, 1)

# Days that pass, and then: so many fen are bought, or so much of an earlier purchase goes back.
STEPS = st.lists(
    st.tuples(
        st.integers(0, 70),
        st.one_of(st.integers(1, 400_00), st.tuples(st.integers(0, 5), st.integers(1, 400_00))),
    ),
    max_size=25,
)


class Book:
    """Every purchase as it is now; what counts is looked up month by month, and nothing is remembered."""

    def __init__(self):
        self.bought = []  # day, own, returned

    def value(self, today):
        months_ago = [
            (today.year - day.year) * 12 + today.month - day.month for day, _own, _returned in self.bought
        ]
        return sum(
            (own - returned) // 100
            for (_day, own, returned), ago in zip(self.bought, months_ago, strict=True)
            if ago <= 11
        )


@given(STEPS)
def test_whatever_happens_a_tier_is_earned_or_protected_or_in_its_grace(steps):
    book, today = Book(), START
    place = Place(tier="member", protected_until=START)
    for days, what in steps:
        for _day in range(days):
            today += timedelta(days=1)
            before = place
            place, cause = after_review(place, RUNGS, value=book.value(today), today=today)
            if THRESHOLDS[place.tier] < THRESHOLDS[before.tier]:
                assert cause == ChangeCause.ENDED
                assert before.protected_until <= today
                assert before.grace_until is not None, "nobody falls without having been told"
                assert before.grace_until <= today
        before, old = place, book.value(today)
        if isinstance(what, int):
            book.bought.append((today, what, 0))
        elif book.bought:
            number = what[0] % len(book.bought)
            day, own, returned = book.bought[number]
            book.bought[number] = (day, own, min(own, returned + what[1]))
        value = book.value(today)
        place, cause = after_growth(place, RUNGS, before=old, value=value, today=today)

        due = rung_for(RUNGS, value)
        assert THRESHOLDS[place.tier] >= due.threshold, "up at once"
        if THRESHOLDS[place.tier] < THRESHOLDS[before.tier]:
            assert cause == ChangeCause.RETURNED
            assert value < THRESHOLDS[before.tier] <= old
            assert place.tier == due.code
        if value >= THRESHOLDS[place.tier]:
            assert place.grace_until is None
        elif cause is None:
            assert old < THRESHOLDS[place.tier], "what is sent back keeps no tier"


@given(st.integers(0, 10_000_00), st.lists(st.integers(0, 1_000_00), max_size=6), st.integers(0, 10))
def test_what_all_went_back_leaves_nothing(own, parts, per_yuan):
    value, returned = grown_by(own=own, per_yuan=per_yuan), 0
    for part in [*parts, own]:
        returned = min(own, returned + part)
        value += grown_by(own=own - returned, per_yuan=per_yuan) - value
    assert value == 0


def test_twelve_months_count_and_this_is_the_last_of_them():
    assert counts_from(date(2026, 11, 28)) == date(2025, 12, 1)
    assert counts_from(date(2026, 12, 1)) == date(2026, 1, 1)
    assert counts_until(date(2025, 12, 31)) == date(2026, 12, 1)
    assert protected_until(date(2026, 11, 28), months=3) == date(2027, 3, 1)
    assert protected_until(date(2026, 11, 28), months=0) == date(2026, 11, 28)
