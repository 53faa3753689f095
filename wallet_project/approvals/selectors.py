"""Who may decide what."""

from typing import Any

from wallet_project.approvals.errors import CheckerNotAllowed, OwnProposal, ProposalEnded
from wallet_project.approvals.kinds import kind_named
from wallet_project.approvals.models import Proposal, ProposalState
from wallet_project.kit.errors import DomainError


def objection_to(*, proposal: Proposal, checker: Any) -> DomainError | None:
    """Why this member of staff may not decide it; None when they may."""
    if proposal.state != ProposalState.OPEN:
        return ProposalEnded(state=proposal.state)
    if checker.pk == proposal.maker_id or proposal.facts.get("user_id") in checker.own_user_ids:
        return OwnProposal()
    if not (checker.is_staff and checker.has_perm(kind_named(proposal.kind).permission)):
        return CheckerNotAllowed()
    return None
