"""Levels and how applications move."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from accounts.rules.kyc import (
    KYC_MOVES,
    STEPS,
    TOLD,
    Answer,
    DecisionReason,
    KycLevel,
    KycState,
    next_ask,
    next_state,
)

AT = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_higher_level_needs_more():
    for lower, higher in pairwise(KycLevel):
        assert set(STEPS[lower]) < set(STEPS[higher])


@pytest.mark.parametrize(
    ("answer", "adult", "minor"),
    [
        (Answer.MATCH, KycState.APPROVED, KycState.REVIEW),
        (Answer.MISMATCH, KycState.REJECTED, KycState.REJECTED),
        (Answer.NO_RECORD, KycState.REVIEW, KycState.REVIEW),
        (Answer.UNKNOWN, KycState.VERIFYING, KycState.VERIFYING),
        (Answer.NOT_YET, KycState.VERIFYING, KycState.VERIFYING),
    ],
)
def test_an_answer_moves_an_application(answer, adult, minor):
    assert (next_state(answer, minor=False), next_state(answer, minor=True)) == (adult, minor)
    assert adult in KYC_MOVES[KycState.SUBMITTED] & KYC_MOVES[KycState.VERIFYING]


def test_somebody_elses_number_sounds_like_a_wrong_one():
    said = {str(TOLD[reason]) for reason in (DecisionReason.NOT_MATCHED, DecisionReason.DUPLICATE)}

    assert len(said) == 1


def test_a_silent_provider_is_asked_less_and_less_often():
    waits = [next_ask(at=AT, asked=asked) - AT for asked in range(9)]

    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=30)
    assert waits[-1] == timedelta(minutes=30)
