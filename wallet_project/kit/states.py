"""States move along declared lines; any other move raises with both names."""

from collections.abc import Collection, Mapping
from typing import Any

from wallet_project.kit.errors import StateConflict


def require_move(moves: Mapping[Any, Collection[Any]], current: str, wanted: str) -> None:
    """
    :raises StateConflict: the table has no line from `current` to `wanted`
    """
    if wanted not in moves.get(current, ()):
        raise StateConflict(state=str(current), wanted=str(wanted))
