"""Leave: say why, clear what blocks, confirm, think again, and be gone."""

import logging
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.errors import ClosureBlocked, ClosureTermsChanged
from accounts.events import ClosureCancelled, ClosureConfirmed, ClosureRefused
from accounts.models import ClosureRequest, OfferAnswer
from accounts.rules.closures import (
    CLOSURE_MOVES,
    Blocker,
    ClosureState,
    what_is_given_up,
    what_is_left,
    what_must_end,
)
from accounts.rules.step_up import Operation, OperationKind
from accounts.selectors.closures import (
    blockers_of,
    due_closures,
    live_closure,
    offer_for,
    require_live_closure,
)
from accounts.services.erasure import end_account
from accounts.services.locks import lock_user
from accounts.services.step_up import authorise, spend_authorisation
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.errors import DomainError, StateConflict
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen
from wallet_project.kit.states import require_move

logger = logging.getLogger(__name__)

LAPSES_AFTER = timedelta(days=30)
_COMMENT_COLUMN = "accounts.closure_request.comment"


@retry_conflicts
def begin_closure(*, user_id: int, reason: str, comment: str = "") -> ClosureRequest:
    """
    Somebody wants to leave, and says why; they may be shown an offer to stay. Nothing is closed yet.

    Asked again before it is confirmed it takes the new reason; while it cools it changes nothing.
    """
    now = clock.now()
    balance = what_is_left(blockers_of(user_id))
    with transaction.atomic(durable=True):
        user = lock_user(user_id)
        request = live_closure(user_id) or ClosureRequest(user=user, began_at=now)
        if request.state != ClosureState.OPEN:
            return request
        if request.reason != reason:
            request.offer = offer_for(reason)
            request.offer_shown_at = now if request.offer else None
            request.offer_answer, request.offer_answered_at = "", None
        request.reason, request.balance = reason, balance
        if comment:
            request.comment_sealed = user.personal_key.seal(
                comment, column=f"{_COMMENT_COLUMN}:{request.began_at.isoformat()}"
            )
        request.save()
        record_audit(action="accounts.closure.begun", subject=f"user:{user_id}", facts={"reason": reason})
    return request


def comment_of(request: ClosureRequest) -> str:
    """
    What somebody added to their reason.

    :raises KeyDestroyed: they have left, and it went with them
    """
    if request.comment_sealed is None:
        return ""
    column = f"{_COMMENT_COLUMN}:{request.began_at.isoformat()}"
    return request.user.personal_key.open(request.comment_sealed, column=column)


@retry_conflicts
def answer_offer(*, user_id: int, answer: str) -> ClosureRequest:
    """
    Take up the offer and stay, or decline it and go on.

    :raises ClosureNotBegun: nobody is leaving
    :raises StateConflict: no offer was made, or it has been answered
    """
    now = clock.now()
    with transaction.atomic(durable=True):
        lock_user(user_id)
        request = require_live_closure(user_id)
        if request.offer is None or request.offer_answer:
            raise StateConflict(state=request.offer_answer or "NONE", wanted=answer)
        request.offer_answer, request.offer_answered_at = answer, now
        if answer == OfferAnswer.ACCEPTED:
            _cancel(request, because="接受挽留方案", now=now)
        request.save()
    return request


def confirm_closure(*, user_id: int, device_id: str, grant: str, gives_up: Fen) -> ClosureRequest:
    """
    Begin the time to think again; when it is over the account closes. Confirming again changes nothing.

    `gives_up` is the consent to lose exactly these fen.

    :raises ClosureNotBegun: the reason comes first
    :raises ClosureBlocked: something must come to its end first
    :raises ClosureTermsChanged: what would be lost is another amount
    :raises StepUpRequired: the customer must first prove who they are; see `authorise` for its kin
    """
    request = require_live_closure(user_id)
    if request.state == ClosureState.COOLING:
        return request
    _require_terms(blockers_of(user_id), gives_up=gives_up)
    operation = Operation(kind=OperationKind.ACCOUNT_CLOSE, amount=gives_up)
    leave = authorise(user_id=user_id, device_id=device_id, operation=operation, grant=grant)
    now = clock.now()
    with transaction.atomic(durable=True):
        lock_user(user_id)
        request = require_live_closure(user_id)
        require_move(CLOSURE_MOVES, request.state, ClosureState.COOLING)
        _require_terms(blockers_of(user_id), gives_up=gives_up)
        spend_authorisation(leave)
        request.state, request.gives_up, request.confirmed_at = ClosureState.COOLING, gives_up, now
        request.due_at = now + timedelta(seconds=settings.CLOSURE_COOLING_SECONDS)
        request.save()
        record_audit(
            action="accounts.closure.confirmed", subject=f"user:{user_id}", facts={"gives_up": gives_up}
        )
        publish(ClosureConfirmed(user_id=user_id, closes_at=clock.iso(request.due_at)))
    return request


@retry_conflicts
def cancel_closure(*, user_id: int) -> ClosureRequest:
    """
    Stay after all.

    :raises ClosureNotBegun: nobody is leaving
    """
    with transaction.atomic(durable=True):
        lock_user(user_id)
        request = require_live_closure(user_id)
        _cancel(request, because="用户撤回", now=clock.now())
        request.save()
    return request


def hold_live_closure(user_id: int) -> None:
    """
    This user is leaving, and neither stays nor is gone until the caller's transaction ends.

    :raises ClosureNotBegun: nobody is leaving
    """
    require_transaction()
    lock_user(user_id)
    require_live_closure(user_id)


def close_due_accounts(*, at: datetime, limit: int) -> int:
    """Close the accounts whose time is over, each in a transaction of its own; returns how many."""
    closed = 0
    for request_id in list(due_closures(at=at).values_list("pk", flat=True)[:limit]):
        try:
            closed += close_account(request_id=request_id)
        except DomainError as error:
            # Money moved in this very moment: nothing has happened, and the next sweep looks again.
            logger.warning("accounts.closure.put_off", extra={"request_id": request_id, "reason": error.code})
    return closed


@retry_conflicts
def close_account(*, request_id: int) -> bool:
    """
    Close one account whose time is over, unless something has come up that blocks it; whether it did.

    All of it happens or nothing. Harmless twice.
    """
    now = clock.now()
    with transaction.atomic(durable=True):
        user = lock_user(ClosureRequest.objects.values_list("user_id", flat=True).get(pk=request_id))
        request = ClosureRequest.objects.get(pk=request_id)
        if request.state != ClosureState.COOLING or request.due_at is None or request.due_at > now:
            return False
        blockers = blockers_of(user.pk)
        if refusals := _against(blockers, gives_up=Fen(request.gives_up)):
            _refuse(request, refusals, now=now)
            return False
        end_account(user, gives_up=Fen(request.gives_up), now=now)
        _end(request, state=ClosureState.CLOSED, because="", now=now)
        request.save()
        record_audit(
            action="accounts.account.closed",
            subject=f"user:{user.pk}",
            facts={"gave_up": what_is_given_up(blockers)},
        )
    logger.info("accounts.account.closed", extra={"request_id": request_id})
    return True


def lapse_forgotten_closures(*, at: datetime) -> int:
    """Those who told us a reason and never came back stay; returns how many."""
    forgotten = ClosureRequest.objects.filter(state=ClosureState.OPEN, began_at__lt=at - LAPSES_AFTER)
    return forgotten.update(state=ClosureState.LAPSED, ended_at=at, ended_because="逾期未确认")


def _require_terms(blockers: list[Blocker], *, gives_up: Fen) -> None:
    if standing := what_must_end(blockers):
        raise ClosureBlocked(blockers=[asdict(blocker) for blocker in standing])
    if gives_up != (lost := what_is_given_up(blockers)):
        raise ClosureTermsChanged(gives_up=lost)


def _against(blockers: list[Blocker], *, gives_up: Fen) -> list[str]:
    """What has come up since it was confirmed; less to lose than agreed is no reason to stay."""
    codes = [blocker.code for blocker in what_must_end(blockers)]
    return codes + ["MORE_TO_GIVE_UP"] * (what_is_given_up(blockers) > gives_up)


def _cancel(request: ClosureRequest, *, because: str, now: datetime) -> None:
    _end(request, state=ClosureState.CANCELLED, because=because, now=now)
    record_audit(
        action="accounts.closure.cancelled", subject=f"user:{request.user_id}", facts={"because": because}
    )
    publish(ClosureCancelled(user_id=request.user_id))


def _refuse(request: ClosureRequest, codes: list[str], *, now: datetime) -> None:
    _end(request, state=ClosureState.REFUSED, because="、".join(codes)[:200], now=now)
    request.save()
    record_audit(action="accounts.closure.refused", subject=f"user:{request.user_id}", facts={"codes": codes})
    publish(ClosureRefused(user_id=request.user_id, codes=codes))


def _end(request: ClosureRequest, *, state: ClosureState, because: str, now: datetime) -> None:
    require_move(CLOSURE_MOVES, request.state, state)
    request.state, request.ended_at, request.ended_because = state, now, because
