from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.rules.calendars import BusinessHours
from feedback.rules.sla import SlaTerms, best_fit, problem_with, reached, runs, used
from wallet_project.kit.clock import SHANGHAI

OFFICE = BusinessHours(zone=SHANGHAI, weekdays=frozenset({1, 2, 3, 4, 5}), opens=time(9), closes=time(18))
TERMS = SlaTerms(calendar="office", first_reply=60, next_reply=120, solve=960)
MONDAY = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Cell:
    kind: str = ""
    priority: int | None = None
    tier: str = ""


@given(st.lists(st.integers(0, 20_000), max_size=9), st.integers(1, 3_000))
def test_a_clock_with_pauses_rings_when_its_minutes_are_used_and_never_in_a_pause(minutes, budget):
    moments = [MONDAY + timedelta(minutes=each) for each in sorted(minutes)]
    pauses = [(began, ended) for began, ended in zip(moments[::2], [*moments[1::2], None], strict=False)]
    spans = runs(MONDAY, pauses)

    rings = reached(OFFICE, spans, timedelta(minutes=budget))

    if rings is None:
        assert pauses[-1][1] is None
        assert used(OFFICE, spans, at=moments[-1]) < timedelta(minutes=budget)
    else:
        assert used(OFFICE, spans, at=rings) == timedelta(minutes=budget)
        assert not any(began < rings and (ended is None or rings < ended) for began, ended in pauses)


@pytest.mark.parametrize(
    ("kind", "priority", "tier", "expected"),
    [
        ("REFUND", 2, "", Cell()),
        ("REFUND", 0, "", Cell(priority=0)),
        ("COMPLAINT", 2, "", Cell(kind="COMPLAINT")),
        ("COMPLAINT", 0, "", Cell(kind="COMPLAINT")),
        ("COMPLAINT", 0, "black", Cell(priority=0, tier="black")),
        ("REFUND", 2, "black", Cell(tier="black")),
    ],
)
def test_the_policy_that_says_most_about_a_ticket_counts(kind, priority, tier, expected):
    cells = [
        Cell(tier="black"), Cell(), Cell(priority=0), Cell(kind="COMPLAINT"), Cell(priority=0, tier="black"),
    ]  # fmt: skip

    assert best_fit(cells, kind=kind, priority=priority, tier=tier) == expected


def test_without_a_general_policy_nothing_is_guessed():
    with pytest.raises(LookupError):
        best_fit([Cell(kind="COMPLAINT")], kind="REFUND", priority=2, tier="")


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_reply": 0},
        {"solve": 60 * 24 * 61},
        {"warn_percent": 100},
        {"manager_percent": 100},
        {"in_use": False},
    ],
)
def test_what_no_policy_may_say_is_refused(wrong):
    assert problem_with(TERMS, is_general=True) is None
    assert problem_with(replace(TERMS, **wrong), is_general=True)


@pytest.mark.parametrize(
    ("state", "pauses", "still"),
    [("OPEN", True, False), ("WAITING", True, True), ("WAITING", False, False), ("RESOLVED", False, True)],
)
def test_the_solution_stands_still_where_it_is_not_in_our_hands(state, pauses, still):
    assert replace(TERMS, pauses=pauses).stands_still(state) is still
