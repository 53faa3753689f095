"""What is promised is changed by two: one proposes the next version of a policy, another agrees."""

from typing import Any

from feedback.errors import ChangesNothing, SlaPolicyRefused
from feedback.models import BusinessCalendar, SlaPolicy
from feedback.rules.sla import SlaTerms, problem_with
from feedback.selectors.sla import policy_of_cell
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.jobs import after_commit


def propose_policy(
    *, kind: str, priority: int | None, tier: str, terms: SlaTerms, reason: str, maker_id: int
) -> None:
    """
    Ask a second person to promise this to tickets of a kind, a priority and a tier; empty means any.

    :raises SlaPolicyRefused: no policy may say this
    :raises ChangesNothing: it is promised already
    :raises AlreadyProposed: another change of the same is waiting
    """
    before = _require_change(kind=kind, priority=priority, tier=tier, terms=terms)
    propose(
        kind="feedback.sla_policy",
        subject=f"sla_policy:{kind or '*'}:{'*' if priority is None else priority}:{tier or '*'}",
        facts={
            "kind": kind,
            "priority": priority,
            "tier": tier,
            "terms": terms.columns,
            "before": before and before.columns,
        },
        reason=reason,
        maker_id=maker_id,
    )


def set_policy(
    *, kind: str, priority: int | None, tier: str, terms: SlaTerms, maker_id: int, checker_id: int
) -> SlaPolicy:
    """
    Write the next version, in the transaction that approves. It counts for what is open, too.

    :raises SlaPolicyRefused, ChangesNothing: as propose_policy; things change meanwhile
    """
    require_transaction()
    _require_change(kind=kind, priority=priority, tier=tier, terms=terms)
    policy = SlaPolicy.objects.create(
        kind=kind,
        priority=priority,
        tier=tier,
        **{**terms.columns, "calendar": BusinessCalendar.objects.get(code=terms.calendar)},
        effective_from=clock.now(),
        proposed_by=maker_id,
        approved_by=checker_id,
    )
    facts: dict[str, Any] = {"policy": policy.pk, **terms.columns}
    record_audit(action="feedback.sla_policy.set", subject=f"sla_policy:{policy.pk}", facts=facts)
    after_commit("feedback.renew_promises", after_id=0)
    return policy


def _require_change(*, kind: str, priority: int | None, tier: str, terms: SlaTerms) -> SlaTerms | None:
    """What these would follow."""
    if problem := problem_with(terms, is_general=(kind, priority, tier) == ("", None, "")):
        raise SlaPolicyRefused(reason=str(problem))
    before = policy_of_cell(kind=kind, priority=priority, tier=tier, at=clock.now())
    if before and before.terms == terms:
        raise ChangesNothing
    return before.terms if before else None
