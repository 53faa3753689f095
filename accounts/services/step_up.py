"""
May this be done now? With the proof that the policy asks for, once.

A door hands down the operation and the grant it was sent; the service asks `authorise` before its transaction
and calls `spend_authorisation` inside it, so that the proof is used up exactly when the operation happens.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection

from accounts.errors import FactorMissing, OperationRefused, PinNotSet, StepUpRefused, StepUpRequired
from accounts.models import StepUpChallenge, StepUpPolicy
from accounts.rules.screening import Move, Outcome, Standing, Verdict
from accounts.rules.step_up import (
    MONEY,
    Factor,
    Factors,
    Operation,
    Risk,
    is_enough,
    read_factors,
    ways_for,
    worse,
    write_factors,
)
from accounts.selectors.step_up import Proof, Situation, policy_for, proof_behind, situation_of
from accounts.services.screening import screen
from wallet_project.kit import clock, context
from wallet_project.kit.crypto import new_token
from wallet_project.kit.db import require_transaction
from wallet_project.kit.errors import DomainError

CHALLENGE_LIFE = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Authorisation:
    """
    Leave to do one operation once; worth nothing until it is spent. Limits in fen, None: no limit.

    With a `case` it is begun and waits: somebody looks at it first.
    """

    user_id: int
    operation: Operation
    challenge_id: int | None
    day_up_to: int | None
    without_pin_up_to: int | None = None
    case: str = ""


def authorise(
    *, user_id: int, device_id: str, operation: Operation, grant: str, can_wait: bool = False
) -> Authorisation:
    """
    Leave to do this operation, or what must be proven first. Call it before the transaction. One that
    `can_wait` is begun all the same when it is held, in a review of its own: its leave names the case.

    What is thought of it is asked here (services/screening): a move that looks strange takes more proof.

    :raises StepUpRequired: prove it under the challenge that travels in the detail
    :raises StepUpRefused: the grant is not for this
    :raises OperationRefused: nothing that could be proven would be enough now
    :raises FactorMissing: the customer lacks what would have to be proven
    :raises PinNotSet: the customer must first set a PIN
    :raises MoveDenied, MoveDelayed, MoveHeld: it is not done, not now, or not before somebody looked at it
    """
    now = clock.now()
    if grant:
        proof = proof_behind(grant=grant, user_id=user_id, device_id=device_id, operation=operation, at=now)
        move = _move(
            operation, user_id=user_id, device_id=device_id, standing=proof.standing, can_wait=can_wait
        )
        verdict = screen(_final(move))
        if worse(proof.risk, verdict.risk) == proof.risk or _suffices(proof, verdict.risk):
            return Authorisation(
                user_id=user_id,
                operation=operation,
                challenge_id=proof.challenge_id,
                day_up_to=proof.day_up_to,
                case=verdict.case,
            )
        situation = situation_of(user_id=user_id, device_id=device_id, kind=operation.kind, at=now)
        raise _to_be_proven(operation, situation=replace(situation, risk=verdict.risk), at=now)
    situation = situation_of(user_id=user_id, device_id=device_id, kind=operation.kind, at=now)
    move = _move(
        operation, user_id=user_id, device_id=device_id, standing=situation.standing, can_wait=can_wait
    )
    if leave := _leave_without_pin(operation, situation=situation):
        verdict = screen(_final(move))
        if verdict.outcome is Outcome.ALLOW or _leave_without_pin(
            operation, situation=_under(verdict, situation)
        ):
            return replace(leave, case=verdict.case)
    else:
        verdict = screen(move)
    raise _to_be_proven(operation, situation=_under(verdict, situation), at=now)


def spend_authorisation(authorisation: Authorisation) -> None:
    """
    Use the leave up. Call it in the transaction that does the operation: both happen or neither.

    :raises StepUpRefused: it was spent or expired since, or other payments used the day's limit up
    """
    require_transaction()
    now, operation = clock.now(), authorisation.operation
    has_no_pin = authorisation.without_pin_up_to is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT step_up_spend(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                authorisation.challenge_id,
                now,
                authorisation.user_id,
                operation.kind if operation.kind in MONEY else None,
                clock.business_day(now),
                operation.amount,
                authorisation.day_up_to,
                operation.amount if has_no_pin else 0,
                authorisation.without_pin_up_to,
            ],
        )
        (is_spent,) = cursor.fetchone()
    if not is_spent:
        raise StepUpRefused


def _move(operation: Operation, *, user_id: int, device_id: str, standing: Standing, can_wait: bool) -> Move:
    return Move(
        operation=str(operation.kind),
        user_id=user_id,
        is_final=False,
        can_wait=can_wait,
        amount=operation.amount,
        device_id=device_id,
        ip=context.current().ip,
        to=operation.to,
        standing=standing,
    )


def _final(move: Move) -> Move:
    return replace(move, is_final=True)


def _under(verdict: Verdict, situation: Situation) -> Situation:
    """The same situation, as risky as it is taken for now."""
    return replace(situation, risk=worse(situation.risk, verdict.risk))


def _suffices(proof: Proof, risk: Risk) -> bool:
    """What was proven would have been enough at this risk, too."""
    challenge = StepUpChallenge.objects.get(pk=proof.challenge_id)
    policy = policy_for(challenge.operation, risk=risk, spent=0)
    return policy is not None and is_enough(read_factors(policy.factors), challenge.proven_factors)


def _to_be_proven(operation: Operation, *, situation: Situation, at: datetime) -> DomainError:
    """What to tell a customer who has proven nothing, or not enough."""
    policy = policy_for(operation, risk=situation.risk, spent=situation.spent)
    if policy is None or not (wanted := read_factors(policy.factors)):
        passes_at = situation.risk_passes_at
        return OperationRefused(until=passes_at and clock.iso(passes_at), spent_today=situation.spent)
    ways = ways_for(operation.kind, wanted, owned=situation.owned)
    if not ways and Factor.PIN not in situation.owned:
        return PinNotSet()
    if not ways:
        return FactorMissing()
    return _required(operation, situation=situation, policy=policy, ways=ways, at=at)


def _leave_without_pin(operation: Operation, *, situation: Situation) -> Authorisation | None:
    """The customer asked for small payments without a PIN, the policy lets them, and this is one."""
    small = situation.small_payments
    if small is None or not small.is_on or operation.amount > small.per_payment:
        return None
    if situation.spent_without_pin + operation.amount > small.per_day:
        return None
    policy = policy_for(operation, risk=situation.risk, spent=situation.spent)
    if policy is None or not is_enough(read_factors(policy.factors), frozenset({Factor.SESSION})):
        return None
    return Authorisation(
        user_id=small.user_id,
        operation=operation,
        challenge_id=None,
        day_up_to=policy.day_up_to,
        without_pin_up_to=small.per_day,
    )


def _required(
    operation: Operation,
    *,
    situation: Situation,
    policy: StepUpPolicy,
    ways: list[Factors],
    at: datetime,
) -> StepUpRequired:
    challenge = StepUpChallenge.objects.create(
        user_id=situation.device.user_id,
        device=situation.device,
        kind=operation.kind,
        amount=operation.amount,
        facts=dict(operation.facts),
        fingerprint=operation.fingerprint,
        risk=situation.risk,
        needed=write_factors(ways),
        day_up_to=policy.day_up_to,
        soter_challenge=new_token(),
        created_at=at,
        expires_at=at + CHALLENGE_LIFE,
    )
    return StepUpRequired(
        challenge_id=challenge.public_id,
        operation=operation.in_words,
        amount=operation.amount,
        factors=[sorted(way) for way in ways],
        soter_challenge=challenge.soter_challenge,
        expires_in=int(CHALLENGE_LIFE.total_seconds()),
    )
