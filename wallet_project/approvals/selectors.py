"""Who may decide what."""

from typing import Any

from django.db.models import Q

from wallet_project.approvals.errors import CheckerNotAllowed, OwnProposal, ProposalEnded
from wallet_project.approvals.kinds import kind_named, registered_kinds
from wallet_project.approvals.models import Proposal, ProposalState
from wallet_project.kit.errors import DomainError
from wallet_project.kit.retention import TRAIL

KINDS = (TRAIL.of("approvals.Proposal"),)  # of what is kept


def objection_to(*, proposal: Proposal, checker: Any) -> DomainError | None:
    """Why this member of staff may not decide it; None when they may."""
    if proposal.state != ProposalState.OPEN:
        return ProposalEnded(state=proposal.state)
    if checker.pk == proposal.maker_id or proposal.facts.get("user_id") in checker.own_user_ids:
        return OwnProposal()
    if not (checker.is_staff and checker.has_perm(kind_named(proposal.kind).permission)):
        return CheckerNotAllowed()
    return None


def may_be_decided_by(checker: Any) -> Q:
    """Open ones of the kinds that this member of staff may carry out, but for their own."""
    kinds = [kind.name for kind in registered_kinds() if checker.has_perm(kind.permission)]
    others = Q(facts__user_id__isnull=True) | ~Q(facts__user_id__in=list(checker.own_user_ids))
    return Q(state=ProposalState.OPEN, kind__in=kinds) & others & ~Q(maker_id=checker.pk)
