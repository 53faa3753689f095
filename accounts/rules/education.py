"""When the quiz is passed, and how often it may be tried."""

from collections.abc import Mapping

PASSES_AT = 80  # percent
TRIES_A_DAY = 5


def score_of(answers: Mapping[int, int], right: Mapping[int, int]) -> int:
    """Question → option, given and right: the share of right answers in whole percent, rounded down."""
    hits = sum(answers.get(question) == option for question, option in right.items())
    return 100 * hits // len(right) if right else 0
