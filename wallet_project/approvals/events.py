"""What others may hear from this app."""

from dataclasses import dataclass

from wallet_project.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class ProposalDecided(Event):
    """A proposal has ended; `state` says how: APPROVED (and carried out), REJECTED, WITHDRAWN or EXPIRED."""

    name = "approvals.proposal.decided"
    proposal_id: int
    kind: str
    subject: str
    state: str

    @property
    def aggregate(self) -> str:
        return f"proposal:{self.proposal_id}"
