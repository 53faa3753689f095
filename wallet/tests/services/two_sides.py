"""A step taken on the ledger and on what it should agree with."""

from collections.abc import Callable
from typing import Any

from django.db import transaction


class Refused(Exception):
    """By a reference, with the name of the error that our refusal must have."""


def on_both_sides(
    ours: Callable[[], Any], reference: Callable[[], Any], *, refusals: tuple[type[Exception], ...]
) -> tuple[str, Any]:
    """The outcome, the same on both sides: "done" with what ours answers, or the name of the refusal."""
    outcomes = []
    for step in (ours, reference):
        try:
            with transaction.atomic():
                outcomes.append(("done", step()))
        except refusals as refusal:
            outcomes.append((type(refusal).__name__, None))
        except Refused as refusal:
            outcomes.append((str(refusal), None))
    assert outcomes[0][0] == outcomes[1][0]
    return outcomes[0]
