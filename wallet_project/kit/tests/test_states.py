"""States move along declared lines."""

from enum import StrEnum

import pytest

from wallet_project.kit.errors import StateConflict
from wallet_project.kit.states import require_move


class Door(StrEnum):
    OPEN = "OPEN"
    SHUT = "SHUT"
    LOCKED = "LOCKED"


MOVES = {Door.OPEN: {Door.SHUT}, Door.SHUT: {Door.OPEN, Door.LOCKED}}


def test_a_declared_move_is_allowed():
    require_move(MOVES, Door.SHUT, Door.LOCKED)
    require_move(MOVES, "SHUT", "OPEN")  # as it comes from the database


@pytest.mark.parametrize(
    ("current", "wanted"), [(Door.OPEN, Door.LOCKED), (Door.OPEN, Door.OPEN), (Door.LOCKED, Door.OPEN)]
)
def test_any_other_move_is_refused_with_both_names(current, wanted):
    with pytest.raises(StateConflict) as refusal:
        require_move(MOVES, current, wanted)

    assert refusal.value.detail == {"state": current.value, "wanted": wanted.value}
