"""How far a budget is used up."""

from wallet_project.kit.money import Fen

LEVELS = (80, 100)  # percent at which the customer hears of it


def levels_reached(*, spent: Fen, amount: Fen) -> tuple[int, ...]:
    """The levels that `spent` of a budget of `amount` has reached, rising; to the fen."""
    return tuple(level for level in LEVELS if spent * 100 >= amount * level)


def percent_used(*, spent: Fen, amount: Fen) -> int:
    """Whole percent, rounded down, so that 100 means used up; none when more came back than was spent."""
    return max(spent, 0) * 100 // amount
