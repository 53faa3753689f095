"""From which payments a customer's own money goes back to WeChat."""

from collections.abc import Sequence
from datetime import timedelta

from wallet_project.kit.money import ZERO, Fen

# WeChat refunds for a year (doc 4012791862); a day is left for those it does not accept at once.
REFUNDABLE_FOR = timedelta(days=364)


def spread(amount: Fen, over: Sequence[tuple[int, Fen]]) -> list[tuple[int, Fen]]:
    """
    Take an amount out of what payments (id, refundable fen) can give back, in their order, as far as it goes.
    """
    parts, left = [], amount
    for payment_id, refundable in over:
        part = Fen(min(left, max(refundable, ZERO)))
        if part:
            parts.append((payment_id, part))
            left = Fen(left - part)
    return parts
