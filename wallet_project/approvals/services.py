"""Propose, approve, reject, withdraw, let expire."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from wallet_project.approvals.errors import AlreadyProposed, NotTheMaker, OwnProposal, ProposalEnded
from wallet_project.approvals.events import ProposalDecided
from wallet_project.approvals.kinds import kind_named
from wallet_project.approvals.models import Proposal, ProposalState
from wallet_project.approvals.selectors import objection_to
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.events import publish

logger = logging.getLogger(__name__)

OPEN_FOR = timedelta(days=7)


@transaction.atomic
def propose(*, kind: str, subject: str, facts: dict[str, Any], reason: str, maker_id: int) -> Proposal:
    """
    Ask for something that another member of staff must approve within a week.

    `facts` are plain values: what `carries_out` of this kind will be called with. Whether the maker may ask
    is the door's question.

    :raises AlreadyProposed: the same kind is already waiting for the same subject
    :raises OwnProposal: it is about the maker
    """
    kind_named(kind)
    now = clock.now()
    if facts.get("user_id") in get_user_model()._default_manager.get(pk=maker_id).own_user_ids:
        raise OwnProposal
    _expire(now, kind=kind, subject=subject)
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                kind=kind,
                subject=subject,
                facts=facts,
                reason=reason,
                maker_id=maker_id,
                created_at=now,
                expires_at=now + OPEN_FOR,
            )
    except IntegrityError:
        raise AlreadyProposed from None
    _record("made", proposal, reason=reason)
    return proposal


@retry_conflicts
def approve(*, proposal_id: int, checker_id: int, comment: str = "") -> Proposal:
    """
    Carry out what was proposed, once, in the transaction that says so.

    :raises ProposalEnded: somebody has decided it, or its time is over
    :raises OwnProposal: the checker made it, or it is about them
    :raises CheckerNotAllowed: this kind is not theirs to decide
    :raises DomainError: what was proposed cannot be done now; the proposal stays open
    """
    with transaction.atomic(durable=True):
        proposal = _lock_for(checker_id, proposal_id)
        kind = kind_named(proposal.kind)
        outcome = kind.carry_out(**proposal.facts, **{name: getattr(proposal, name) for name in kind.also})
        proposal.outcome = (outcome or "")[:200]
        _end(proposal, ProposalState.APPROVED, comment=comment, now=clock.now())
    return proposal


@retry_conflicts
def reject(*, proposal_id: int, checker_id: int, comment: str) -> Proposal:
    """
    Say no, and why. Nothing is carried out.

    :raises ProposalEnded: somebody has decided it, or its time is over
    :raises OwnProposal: the checker made it, or it is about them
    :raises CheckerNotAllowed: this kind is not theirs to decide
    """
    with transaction.atomic(durable=True):
        proposal = _lock_for(checker_id, proposal_id)
        _end(proposal, ProposalState.REJECTED, comment=comment, now=clock.now())
    return proposal


@retry_conflicts
def withdraw(*, proposal_id: int, maker_id: int) -> Proposal:
    """
    The maker takes it back.

    :raises ProposalEnded: somebody has decided it, or its time is over
    :raises NotTheMaker: somebody else made it
    """
    with transaction.atomic(durable=True):
        proposal = _lock_open(proposal_id)
        if proposal.maker_id != maker_id:
            raise NotTheMaker
        _end(proposal, ProposalState.WITHDRAWN, now=clock.now())
    return proposal


def expire_proposals() -> int:
    """End what nobody decided in time; returns how many."""
    with transaction.atomic(durable=True):
        return _expire(clock.now())


def _expire(now: datetime, **only: str) -> int:
    late = Proposal.objects.filter(state=ProposalState.OPEN, expires_at__lte=now, **only)
    ended = list(late.select_for_update(skip_locked=True, no_key=True).order_by("pk")[:500])
    for proposal in ended:
        _end(proposal, ProposalState.EXPIRED, now=now)
    return len(ended)


def _lock_open(proposal_id: int) -> Proposal:
    proposal = Proposal.objects.select_for_update(no_key=True).get(pk=proposal_id)
    if proposal.state != ProposalState.OPEN or proposal.expires_at <= clock.now():
        raise ProposalEnded(state=proposal.state)
    return proposal


def _lock_for(checker_id: int, proposal_id: int) -> Proposal:
    proposal = _lock_open(proposal_id)
    checker = get_user_model()._default_manager.get(pk=checker_id, is_active=True)
    if objection := objection_to(proposal=proposal, checker=checker):
        raise objection
    proposal.checker_id = checker_id
    return proposal


def _end(proposal: Proposal, state: ProposalState, *, now: datetime, comment: str = "") -> None:
    proposal.state = state
    proposal.comment = comment
    proposal.decided_at = now
    proposal.save(update_fields=["state", "checker_id", "comment", "outcome", "decided_at"])
    _record(state.lower(), proposal, comment=comment)
    publish(
        ProposalDecided(
            proposal_id=proposal.pk, kind=proposal.kind, subject=proposal.subject, state=str(state)
        )
    )


def _record(what: str, proposal: Proposal, **words: str) -> None:
    """Under the subject's own trail, so that whoever reads it finds who agreed."""
    record_audit(
        action=f"approvals.proposal.{what}",
        subject=proposal.subject,
        facts={"proposal": proposal.pk, "kind": proposal.kind, "maker": proposal.maker_id, **words},
    )
    logger.info("approvals.proposal", extra={"proposal": proposal.pk, "kind": proposal.kind, "what": what})
