"""
Who sees what, chosen by hash, and whether it made a difference.

An arm is chosen by SHA-256 of the experiment's key and the person: stable, even, and independent of every
other experiment. The database chooses by the same sum (selectors.experiments).
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

WHOLE = 10_000  # basis points
SMALLEST_SAMPLE = 100  # people of an arm; of fewer nobody can say anything
MISMATCH_AT = 0.001  # so unlikely is a split that nobody believes in


class Arm(StrEnum):
    """HOLDOUT gets nothing, and shows what would have happened anyway."""

    HOLDOUT = "holdout"
    A = "A"
    B = "B"


@dataclass(frozen=True, kw_only=True)
class Split:
    """Basis points of all people held out, and of the others those who see B."""

    holdout: int
    b: int = 0

    @property
    def shares(self) -> dict[Arm, float]:
        """Of all people, those expected in each arm that there is."""
        treated = 1 - self.holdout / WHOLE
        found = {
            Arm.HOLDOUT: self.holdout / WHOLE,
            Arm.A: treated * (1 - self.b / WHOLE),
            Arm.B: treated * self.b / WHOLE,
        }
        return {arm: share for arm, share in found.items() if share}


def arm_by_hash(key: str, user_id: int, split: Split) -> Arm:
    """Two draws of one sum: whether held out, and which variant; so a change of one leaves the other."""
    digest = hashlib.sha256(f"{key}:{user_id}".encode()).hexdigest()
    if int(digest[:8], 16) % WHOLE < split.holdout:
        return Arm.HOLDOUT
    return Arm.B if int(digest[8:16], 16) % WHOLE < split.b else Arm.A


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What so many people did on average, and how far they were apart (variance, with n − 1)."""

    people: int
    mean: float
    variance: float


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How much more than the control, with the interval in which it is in 95 of 100 experiments."""

    by: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        return self.low > 0 or self.high < 0


def is_too_small(*samples: Sample) -> bool:
    return any(sample.people < SMALLEST_SAMPLE for sample in samples)


def welch(treated: Sample, control: Sample) -> Difference:
    """The difference of two means whose variances may differ, by Welch; two people in each arm at least."""
    return _around(treated.mean - control.mean, _error(treated), _error(control), treated, control)


def lift(treated: Sample, control: Sample) -> Difference | None:
    """The same as a share of the control's mean (0.05: 5 % more), by the delta method; None: it is zero."""
    if control.mean <= 0:
        return None
    ratio = treated.mean / control.mean
    return _around(
        ratio - 1,
        _error(treated) / control.mean**2,
        _error(control) * ratio**2 / control.mean**2,
        treated,
        control,
    )


def mismatch(people: Mapping[Arm, int], split: Split) -> float:
    """How likely so uneven a split is by chance (chi-square); below MISMATCH_AT something is wrong."""
    total = sum(people.values())
    if not total:
        return 1.0
    expected = {arm: share * total for arm, share in split.shares.items()}
    chi = sum((people.get(arm, 0) - much) ** 2 / much for arm, much in expected.items())
    return math.erfc(math.sqrt(chi / 2)) if len(expected) == 2 else math.exp(-chi / 2)


def t_quantile(freedom: float, *, two_sided: float = 0.95) -> float:
    """
    Student's t by the expansion of Cornish and Fisher (Abramowitz and Stegun, 26.7.5), right to the fourth
    digit from ten degrees of freedom on.
    """
    z = NormalDist().inv_cdf((1 + two_sided) / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def _error(sample: Sample) -> float:
    """The squared standard error of its mean."""
    return sample.variance / sample.people


def _around(by: float, one: float, other: float, treated: Sample, control: Sample) -> Difference:
    error = one + other
    if not error:
        return Difference(by=by, low=by, high=by)
    freedom = error**2 / (one**2 / (treated.people - 1) + other**2 / (control.people - 1))
    margin = t_quantile(freedom) * math.sqrt(error)
    return Difference(by=by, low=by - margin, high=by + margin)
