"""States and times of merchant transfers: forwards only, asked when it is due, given up on proof alone."""

from datetime import UTC, datetime, timedelta

import pytest

from payments.rules.transfers import (
    FAILURES,
    STOPPABLE,
    TRANSFER_MOVES,
    TransferState,
    failure_in_words,
    is_overdue,
    is_proven_absent,
    needs_name,
    next_transfer_query,
    problem_with_scene,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_nothing_leads_back():
    def reachable(state, seen=()):
        for after in TRANSFER_MOVES.get(state, ()):
            assert after not in seen, (seen, after)
            reachable(after, (*seen, state))

    reachable(TransferState.REQUESTED)


def test_only_what_never_was_can_be_refused_and_what_is_confirmed_is_not_stopped():
    assert [state for state, after in TRANSFER_MOVES.items() if TransferState.REFUSED in after] == [
        "REQUESTED"
    ]
    assert not STOPPABLE & {TransferState.TRANSFERING, TransferState.CANCELING, TransferState.SUCCESS}


def test_one_that_is_unsure_is_asked_about_ever_more_seldom():
    pauses = [
        next_transfer_query(state="REQUESTED", at=NOW, asked=asked, begun_at=NOW) - NOW for asked in range(40)
    ]

    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=5)
    assert pauses[-1] == timedelta(hours=6)


def test_one_that_waits_is_asked_about_when_its_day_is_over():
    begun_at = NOW - DAY + timedelta(minutes=10)

    due = next_transfer_query(state="WAIT_USER_CONFIRM", at=NOW, asked=9, begun_at=begun_at)

    assert due == begun_at + DAY + timedelta(minutes=2)
    assert is_overdue(begun_at=begun_at, at=due + timedelta(seconds=1))
    assert not is_overdue(begun_at=begun_at, at=begun_at + DAY)


@pytest.mark.parametrize(
    ("asked", "absent"), [(None, True), (timedelta(minutes=5), False), (timedelta(minutes=7), True)]
)
def test_what_may_still_be_accepted_is_not_absent(asked, absent):
    assert is_proven_absent(asked_at=asked and NOW - asked, at=NOW) is absent


def test_names_are_told_from_two_thousand_yuan_on():
    assert [needs_name(amount) for amount in (199_999, 200_000)] == [False, True]


def test_every_reason_has_words_and_new_ones_too():
    assert len(FAILURES) == 37
    assert failure_in_words("ACCOUNT_FROZEN") != failure_in_words("NEWER_THAN_THE_DOCUMENTS")


@pytest.mark.parametrize(
    ("code", "reports", "fits"),
    [
        ("1000", {"活动名称": "提现", "奖励说明": "余额"}, True),
        ("1000", {"活动名称": "提现"}, False),
        ("1009", {"采购商品名称": "咖啡"}, True),
        ("1009", {}, False),
        ("1009", {"采购商品名称": "长" * 33}, False),
    ],
)
def test_a_scene_is_reported_as_wechat_wants_it(code, reports, fits):
    assert (problem_with_scene(code, reports) == "") is fits
