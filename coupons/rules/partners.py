"""What of a cost is a partner's to bear."""

from wallet_project.kit.money import Fen

WHOLE = 10_000  # basis points


def due_of(cost: int, share: int) -> Fen:
    """
    At `share` basis points of what something costs now, rounded down: the rest of a fen is ours. Whoever
    books only the change of it is right to the fen after any number of returns, and at zero after the last.
    """
    return Fen(cost * share // WHOLE)
