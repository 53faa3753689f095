"""Change what a move costs: one person proposes, another one agrees, and customers have been told before."""

from datetime import datetime

from accounts.rules.agreements import AgreementKind
from accounts.selectors.agreements import is_announced
from wallet.errors import FeeChangesNothing, FeeRaiseNotAnnounced, FeeTermsRefused
from wallet.events import FeeSet
from wallet.models import FeeSchedule
from wallet.rules.fees import FeeTerms, is_dearer
from wallet.rules.kinds import MoveKind
from wallet.selectors.fees import schedule_in_force
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish


def propose_fee(
    *,
    kind: MoveKind,
    tier: str,
    terms: FeeTerms,
    effective_from: datetime | None,
    reason: str,
    maker_id: int,
) -> None:
    """
    Ask a second person to let these terms count from then on; None: from the moment of their approval.

    :raises FeeTermsRefused: nobody could be charged by them
    :raises FeeChangesNothing: they are what will be in force then anyway
    :raises FeeRaiseNotAnnounced: customers have not agreed to a text that names them
    :raises AlreadyProposed: another change of this fee is waiting
    """
    starts = max(effective_from or clock.now(), clock.now())
    before = _require_acceptable(kind=kind, tier=tier, terms=terms, starts=starts)
    propose(
        kind="wallet.fee_schedule",
        subject=_subject(kind, tier),
        facts={
            "kind": kind.value,
            "tier": tier,
            "terms": terms.columns,
            "before": before.terms.columns,
            "effective_from": effective_from and clock.iso(effective_from),
        },
        reason=reason,
        maker_id=maker_id,
    )


def set_fee(
    *,
    kind: MoveKind,
    tier: str,
    terms: FeeTerms,
    effective_from: datetime | None,
    maker_id: int,
    checker_id: int,
) -> FeeSchedule:
    """
    Write the next version of a fee; it counts from then on, and never from the past.

    Must be called in the transaction that approves. Quotes that were made before keep their fee.

    :raises FeeTermsRefused, FeeChangesNothing, FeeRaiseNotAnnounced: as propose_fee; things change meanwhile
    """
    require_transaction()
    now = clock.now()
    starts = max(effective_from or now, now)
    before = _require_acceptable(kind=kind, tier=tier, terms=terms, starts=starts)
    last = FeeSchedule.objects.filter(kind=kind, tier=tier).order_by("version").last()
    schedule = FeeSchedule.objects.create(
        kind=kind,
        tier=tier,
        version=last.version + 1 if last else 1,
        **terms.columns,
        effective_from=starts,
        made_at=now,
        proposed_by=maker_id,
        approved_by=checker_id,
    )
    facts = {"version": schedule.version, "effective_from": clock.iso(starts), **terms.columns}
    record_audit(action="wallet.fee.set", subject=_subject(kind, tier), facts=facts)
    publish(
        FeeSet(
            kind=kind.value,
            tier=tier,
            version=schedule.version,
            is_dearer=is_dearer(terms, before.terms),
            effective_from=clock.iso(starts),
        )
    )
    return schedule


def _require_acceptable(*, kind: MoveKind, tier: str, terms: FeeTerms, starts: datetime) -> FeeSchedule:
    """The version that these terms would follow."""
    if not terms.is_sensible:
        raise FeeTermsRefused
    before = schedule_in_force(kind, tier=tier, at=starts)
    if before.terms == terms and before.tier == tier:
        raise FeeChangesNothing
    announced = is_announced(AgreementKind.FEE_SCHEDULE, since=before.made_at, until=starts)
    if is_dearer(terms, before.terms) and not announced:
        raise FeeRaiseNotAnnounced
    return before


def _subject(kind: MoveKind, tier: str) -> str:
    return f"fee:{kind}:{tier}" if tier else f"fee:{kind}"
