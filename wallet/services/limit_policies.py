"""Change how much may be moved: one person proposes the next version, another one approves it."""

from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.rules.kyc import KycLevel
from wallet.errors import LimitsChangeNothing, LimitsRefused
from wallet.events import LimitsSet
from wallet.models import LimitPolicy
from wallet.rules.limits import NONE, Limits, problem_with
from wallet.selectors.limit_policies import policies_in_force
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish


def propose_limits(
    *,
    level: KycLevel,
    move: str,
    limits: Limits,
    effective_from: datetime | None,
    reason: str,
    maker_id: int,
) -> None:
    """
    Ask a second person to let these limits count from then on; None: from the moment of the approval.

    :raises LimitsRefused: no version may say this
    :raises LimitsChangeNothing: they are what will be in force then anyway
    :raises AlreadyProposed: another change of this level and move is waiting
    """
    starts = max(effective_from or clock.now(), clock.now())
    before = _require_change(level=level, move=move, limits=limits, starts=starts)
    propose(
        kind="wallet.limit_policy",
        subject=_subject(level, move),
        facts={
            "level": level.value,
            "move": move,
            "limits": limits.columns,
            "before": before.columns,
            "effective_from": effective_from and clock.iso(effective_from),
        },
        reason=reason,
        maker_id=maker_id,
    )


def set_limits(
    *,
    level: KycLevel,
    move: str,
    limits: Limits,
    effective_from: datetime | None,
    maker_id: int,
    checker_id: int,
) -> LimitPolicy:
    """
    Write the next version; it counts from then on, and never from the past. What has been used stays used.

    Must be called in the transaction that approves.

    :raises LimitsRefused, LimitsChangeNothing: as propose_limits; things change meanwhile
    """
    require_transaction()
    now = clock.now()
    starts = max(effective_from or now, now)
    _require_change(level=level, move=move, limits=limits, starts=starts)
    facts: dict[str, Any] = {**limits.columns, "effective_from": clock.iso(starts)}
    policy = LimitPolicy.objects.create(
        level=level,
        move=move,
        **limits.columns,
        effective_from=starts,
        made_at=now,
        proposed_by=maker_id,
        approved_by=checker_id,
    )
    record_audit(action="wallet.limits.set", subject=_subject(level, move), facts=facts)
    publish(LimitsSet(level=level.value, move=move, effective_from=clock.iso(starts)))
    return policy


def _require_change(*, level: KycLevel, move: str, limits: Limits, starts: datetime) -> Limits:
    """What these would follow."""
    if problem := problem_with(limits, level=level, move=move, mode=settings.WALLET_MODE):
        raise LimitsRefused(reason=str(problem))
    before = policies_in_force([level], at=starts).get((level, move), NONE)
    if before == limits:
        raise LimitsChangeNothing
    return before


def _subject(level: KycLevel, move: str) -> str:
    return f"limit:{level.value}:{move}"
