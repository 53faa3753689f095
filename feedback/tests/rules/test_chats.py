"""When a chat is over without anybody saying so."""

from datetime import timedelta

import pytest

from feedback.rules.chats import ChatEnd, ChatState, why_over

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "waited", "away", "somebody_here", "why"),
    [
        (ChatState.WAITING, 1, 0, False, None),
        (ChatState.WAITING, 3, 0, False, ChatEnd.NOBODY),
        (ChatState.WAITING, 3, 0, True, None),
        (ChatState.WAITING, 21, 0, True, ChatEnd.NOBODY),
        (ChatState.WAITING, 3, 6, True, ChatEnd.LEFT),
        (ChatState.TALKING, 90, 4, False, None),
        (ChatState.TALKING, 90, 6, True, ChatEnd.LEFT),
    ],
)
def test_whoever_is_gone_or_waits_in_vain_is_let_go(state, waited, away, somebody_here, why):
    told = why_over(
        state=state, waited=waited * MINUTE, customer_away=away * MINUTE, somebody_here=somebody_here
    )

    assert told == why
