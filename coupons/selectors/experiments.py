"""In which arm somebody is, and what came of an experiment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from coupons.models import Experiment, ExperimentState, Exposure
from coupons.rules.experiments import (
    MISMATCH_AT,
    Arm,
    Difference,
    Sample,
    arm_by_hash,
    is_too_small,
    lift,
    mismatch,
    welch,
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """
    What an arm's people did within their window, against those held out: purchases and own fen per person.
    None where the samples are too small to say, or, of a lift, where the others did nothing.
    """

    arm: Arm
    purchases: Sample
    own: Sample
    more_purchases: Difference | None = None
    more_own: Difference | None = None
    lift_of_own: Difference | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """`waiting` people's windows are not over. `split_chance`: how likely so uneven a split is."""

    arms: list[Measured]
    waiting: int
    split_chance: float

    @property
    def is_split_wrong(self) -> bool:
        return self.split_chance < MISMATCH_AT


def arm_of(experiment: Experiment, user_id: int) -> Arm:
    """By hash, stored nowhere; whoever acts upon it says so with services.experiments.meet."""
    return arm_by_hash(experiment.key, user_id, experiment.split)


def running_experiment(key: str) -> Experiment | None:
    return Experiment.objects.filter(key=key, state=ExperimentState.RUNNING).first()


_OUTCOMES = """
    SELECT arm, count(*), avg(purchases), coalesce(var_samp(purchases), 0),
           avg(own), coalesce(var_samp(own), 0)
    FROM (
        SELECT e.arm, count(p.id) AS purchases, coalesce(sum(p.own - p.returned_own), 0) AS own
        FROM coupons_exposure AS e
        LEFT JOIN coupons_purchase AS p
            ON p.user_id = e.user_id AND p.returned < p.amount
            AND p.paid_at >= e.since AND p.paid_at < e.since + make_interval(days => %s)
        WHERE e.experiment_id = %s AND e.since <= %s
        GROUP BY e.id
    ) AS person
    GROUP BY arm"""


def report_of(experiment: Experiment, *, at: datetime) -> Report:
    """Of whoever's window is over; one statement for all of them."""
    window = timedelta(days=experiment.window_days)
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOMES, [experiment.window_days, experiment.pk, at - window])
        rows = cursor.fetchall()
    samples = {
        Arm(arm): (
            Sample(people=people, mean=float(purchases), variance=float(spread)),
            Sample(people=people, mean=float(own), variance=float(own_spread)),
        )
        for arm, people, purchases, spread, own, own_spread in rows
    }
    people = {arm: purchases.people for arm, (purchases, _own) in samples.items()}
    met = Exposure.objects.filter(experiment=experiment).count()
    return Report(
        arms=[_measured(arm, samples) for arm in Arm if arm in samples],
        waiting=met - sum(people.values()),
        split_chance=mismatch(people, experiment.split),
    )


def _measured(arm: Arm, samples: dict[Arm, tuple[Sample, Sample]]) -> Measured:
    purchases, own = samples[arm]
    control = samples.get(Arm.HOLDOUT)
    if arm == Arm.HOLDOUT or control is None or is_too_small(own, control[1]):
        return Measured(arm=arm, purchases=purchases, own=own)
    return Measured(
        arm=arm,
        purchases=purchases,
        own=own,
        more_purchases=welch(purchases, control[0]),
        more_own=welch(own, control[1]),
        lift_of_own=lift(own, control[1]),
    )
