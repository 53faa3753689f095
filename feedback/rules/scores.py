"""What many answers come to."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

_Z = 1.96  # 95 of 100 samples are within so many standard errors
_SATISFIED_FROM, _PROMOTER_FROM, _PASSIVE_FROM = 4, 9, 7


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """Of so many answers from 1 to 5: the percentage that are 4 or 5, and the mean. None: nobody answered."""

    answers: int
    satisfied: int
    percent: int | None
    mean: float | None


@dataclass(frozen=True, kw_only=True)
class NetPromoter:
    """
    Of so many answers from 0 to 10: promoters (9, 10) less detractors (up to 6) in percent of all, from −100
    to 100; `margin` is how far chance may have moved it. None: nobody answered.
    """

    promoters: int
    passives: int
    detractors: int
    score: int | None
    margin: int | None

    @property
    def answers(self) -> int:
        return self.promoters + self.passives + self.detractors


def satisfaction(counts: Mapping[int, int]) -> Satisfaction:
    """Score → how often it was given."""
    answers = sum(counts.values())
    satisfied = sum(count for score, count in counts.items() if score >= _SATISFIED_FROM)
    return Satisfaction(
        answers=answers,
        satisfied=satisfied,
        percent=_percent(satisfied, answers),
        mean=sum(score * count for score, count in counts.items()) / answers if answers else None,
    )


def net_promoter(counts: Mapping[int, int]) -> NetPromoter:
    """Score → how often it was given."""
    promoters = sum(count for score, count in counts.items() if score >= _PROMOTER_FROM)
    passives = sum(count for score, count in counts.items() if _PASSIVE_FROM <= score < _PROMOTER_FROM)
    detractors = sum(counts.values()) - promoters - passives
    return NetPromoter(
        promoters=promoters,
        passives=passives,
        detractors=detractors,
        score=_percent(promoters - detractors, sum(counts.values())),
        margin=_margin(promoters, detractors, sum(counts.values())),
    )


def _percent(part: int, whole: int) -> int | None:
    """Rounded half away from zero, so that a score and its mirror image are the same distance from it."""
    if not whole:
        return None
    size = (200 * abs(part) + whole) // (2 * whole)
    return size if part >= 0 else -size


def _margin(promoters: int, detractors: int, answers: int) -> int | None:
    if not answers:
        return None
    mean = (promoters - detractors) / answers
    variance = (promoters + detractors) / answers - mean**2
    return math.ceil(100 * _Z * math.sqrt(variance / answers))
