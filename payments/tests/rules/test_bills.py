from datetime import UTC, datetime, timedelta

import pytest

from payments.rules.backoff import next_bill_query, next_look_at_paid_bill
from payments.rules.bills import BILL_MOVES, UNDECIDED, BillState, failure_in_words
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.states import require_move

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ENDS = {BillState.FAILED, BillState.REVERSED}


@pytest.mark.parametrize("state", BillState)
def test_what_is_over_stays_over_and_what_is_not_can_end(state):
    assert (state in BILL_MOVES) is (state not in ENDS)
    if state in UNDECIDED:
        assert BILL_MOVES[state] >= {BillState.SUCCEEDED, BillState.FAILED}


@pytest.mark.parametrize(
    ("current", "wanted"),
    [
        (BillState.FAILED, BillState.SUCCEEDED),
        (BillState.SUCCEEDED, BillState.FAILED),
        (BillState.REVERSED, BillState.SUCCEEDED),
        (BillState.SENT, BillState.REVERSED),
        (BillState.SENT, BillState.UNSURE),
        (BillState.UNSURE, BillState.CREATED),
    ],
)
def test_nothing_moves_where_no_line_is_drawn(current, wanted):
    with pytest.raises(StateConflict):
        require_move(BILL_MOVES, current, wanted)


def test_a_bill_is_asked_about_soon_and_then_ever_more_rarely():
    waits = [(next_bill_query(at=NOW, asked=asked) - NOW).total_seconds() for asked in range(20)]

    assert waits[0] == 20
    assert waits[1:] == sorted(waits[1:])
    assert waits[-1] == 3600


def test_a_paid_bill_is_looked_at_for_a_month():
    looks = [next_look_at_paid_bill(paid_at=NOW, looked=looked) for looked in range(6)]

    assert looks[:5] == [NOW + timedelta(days=days) for days in (1, 3, 7, 15, 30)]
    assert looks[5] is None


def test_a_reason_nobody_knows_is_told_all_the_same():
    assert failure_in_words("NO_BILL") == "账单已缴清"
    assert failure_in_words("SOMETHING_NEW") == "收费单位未受理"
    assert failure_in_words("") == ""
