"""Experiments begin and end; whoever meets one is noted with their arm, once."""

from datetime import datetime

from django.db import connection, transaction

from coupons.models import Experiment, ExperimentState, Exposure
from coupons.rules.experiments import WHOLE, Arm
from coupons.selectors.experiments import arm_of
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import let_statements_take
from wallet_project.kit.states import require_move

MOVES: dict[str, set[str]] = {
    ExperimentState.DRAFT: {ExperimentState.RUNNING},
    ExperimentState.RUNNING: {ExperimentState.ENDED},
}

# As rules.experiments.arm_by_hash does it, for everybody in a segment.
_EXPOSE = """
    INSERT INTO coupons_exposure (experiment_id, user_id, arm, since)
    SELECT e.id, m.user_id,
           CASE WHEN ('x' || substr(drawn.hex, 1, 8))::bit(32)::bigint %% %s < e.holdout THEN %s
                WHEN ('x' || substr(drawn.hex, 9, 8))::bit(32)::bigint %% %s < e.b THEN %s
                ELSE %s END,
           %s
    FROM coupons_experiment AS e
    JOIN coupons_segmentmember AS m ON m.segment_id = e.segment_id
    CROSS JOIN LATERAL (
        SELECT encode(sha256(convert_to(e.key || ':' || m.user_id, 'UTF8')), 'hex') AS hex
    ) AS drawn
    WHERE e.segment_id = %s AND e.state = %s
    ON CONFLICT (experiment_id, user_id) DO NOTHING"""


def meet(experiment: Experiment, user_id: int) -> Arm:
    """
    The arm of somebody whom a running experiment concerns now, also of those held out: noted the first time,
    for what they buy from here on is its outcome.
    """
    arm = arm_of(experiment, user_id)
    if experiment.state == ExperimentState.RUNNING:
        Exposure.objects.bulk_create(
            [Exposure(experiment=experiment, user_id=user_id, arm=arm, since=clock.now())],
            ignore_conflicts=True,
        )
    return arm


def start_experiment(*, experiment_id: int, reason: str) -> None:
    """
    From now on its split is fixed; everybody in its segment is exposed.

    :raises StateConflict: it has started before
    """
    with transaction.atomic():
        experiment = _move(experiment_id, ExperimentState.RUNNING, reason=reason)
        if experiment.segment_id is not None and experiment.started_at is not None:
            let_statements_take(seconds=100)
            expose_segment(segment_id=experiment.segment_id, at=experiment.started_at)


def end_experiment(*, experiment_id: int, reason: str) -> None:
    """
    Nobody more is exposed; the windows of those who were go on.

    :raises StateConflict: it does not run
    """
    with transaction.atomic():
        _move(experiment_id, ExperimentState.ENDED, reason=reason)


def expose_segment(*, segment_id: int, at: datetime) -> None:
    """Everybody in a segment meets the experiments that run with it, once."""
    with connection.cursor() as cursor:
        cursor.execute(
            _EXPOSE,
            [
                WHOLE,
                Arm.HOLDOUT.value,
                WHOLE,
                Arm.B.value,
                Arm.A.value,
                at,
                segment_id,
                ExperimentState.RUNNING.value,
            ],
        )


def _move(experiment_id: int, state: ExperimentState, *, reason: str) -> Experiment:
    experiment = Experiment.objects.select_for_update(no_key=True).get(pk=experiment_id)
    require_move(MOVES, experiment.state, state)
    experiment.state, now = state, clock.now()
    if state == ExperimentState.RUNNING:
        experiment.started_at = now
    else:
        experiment.ended_at = now
    experiment.save(update_fields=["state", "started_at", "ended_at"])
    record_audit(
        action="coupons.experiment.state",
        subject=f"coupons.experiment:{experiment_id}",
        facts={"state": state, "holdout": experiment.holdout, "b": experiment.b, "reason": reason},
    )
    return experiment
