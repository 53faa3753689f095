"""The old phone is lost: ask for the change, decide it by two, take it back."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.errors import PhoneNotBound, PhoneRequestOpen
from accounts.models import PhoneChangeRequest, User
from accounts.models.phones import PHONE_REQUEST_MOVES, PhoneRequestState
from accounts.models.users import indexes_of_phone
from accounts.rules.phones import normalise_phone
from accounts.selectors.phone_requests import open_request_of
from accounts.services.locks import lock_user
from accounts.services.phones import prove_new_phone, replace_phone
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.sms.sending import send_notice
from wallet_project.kit.states import require_move


def request_phone_change(*, user_id: int, phone: str, code: str, reason: str) -> PhoneChangeRequest:
    """
    The new number is proven by its code; the old one is told at once that somebody asks.

    :raises PhoneNotBound: there is nothing to change
    :raises PhoneRequestOpen: one is being looked at
    :raises CodeRefused: the new number is not proven
    :raises StateConflict: the new number is the bound one
    """
    phone = normalise_phone(phone)
    user = User.objects.select_related("personal_key").get(pk=user_id)
    if user.phone_index is None:
        raise PhoneNotBound
    if bytes(user.phone_index) in indexes_of_phone(phone):
        raise StateConflict(state="BOUND", wanted="CHANGED")
    prove_new_phone(user_id=user_id, phone=phone, code=code)
    request = PhoneChangeRequest(user=user, requested_at=clock.now())
    request.seal(phone=phone, reason=reason)
    try:
        with transaction.atomic(durable=True):
            request.save()
            record_audit(
                action="accounts.phone_request.made",
                subject=f"user:{user_id}",
                facts={"request": request.pk, "phone": request.phone_masked},
            )
            after_commit("accounts.tell_of_phone_request", asked_id=request.pk)
    except IntegrityError:
        raise PhoneRequestOpen from None
    return request


@retry_conflicts
def withdraw_phone_request(*, user_id: int) -> PhoneChangeRequest:
    """
    The owner found their phone, or it was not them who asked.

    :raises StateConflict: none is open
    """
    with transaction.atomic(durable=True):
        request = _locked(open_request_of(user_id).pk)
        _end(request, PhoneRequestState.WITHDRAWN, answer="", now=clock.now())
    return request


@retry_conflicts
def refuse_phone_request(*, request_id: int, answer: str) -> None:
    """
    Nothing changes, and the customer is told; refusing needs one person only.

    :raises StateConflict: it has ended
    """
    with transaction.atomic():
        request = _locked(request_id)
        _end(request, PhoneRequestState.REFUSED, answer=answer, now=clock.now())
        after_commit("accounts.tell_of_phone_request", asked_id=request.pk)


def propose_phone_change(*, request_id: int, reason: str, maker_id: int) -> None:
    """
    One member of staff has looked into it and is for it; another one decides.

    :raises StateConflict: it has ended
    :raises AlreadyProposed: somebody was faster
    :raises OwnProposal: it is about the maker
    """
    request = PhoneChangeRequest.objects.select_related("user__personal_key").get(pk=request_id)
    require_move(PHONE_REQUEST_MOVES, request.state, PhoneRequestState.DONE)
    facts = {
        "user_id": request.user_id,
        "request_id": request.pk,
        "before": request.user.phone_masked,
        "after": request.phone_masked,
    }
    propose(
        kind="accounts.phone_change",
        subject=f"user:{request.user_id}",
        facts=facts,
        reason=reason,
        maker_id=maker_id,
    )


def carry_out_phone_request(*, request_id: int) -> None:
    """
    Change the number as two have agreed, in the transaction that says so. Every session ends.

    :raises StateConflict: the customer took it back
    :raises PhoneAlreadyBound: the number has become somebody else's
    """
    now = clock.now()
    # The user before the request, as whoever closes their account takes them.
    user = lock_user(PhoneChangeRequest.objects.values_list("user_id", flat=True).get(pk=request_id))
    request = _locked(request_id)
    _end(request, PhoneRequestState.DONE, answer="", now=now)
    replace_phone(user=user, phone=request.phone, by_staff=True, keep_session_id=None, now=now)


def tell_of_phone_request(*, request_id: int) -> None:
    """
    While it is open the old number hears that somebody asks; refused, the new number hears that. Whatever
    their owner likes to be told: it goes to these numbers, for one of the two is not the owner's.

    :raises SmsFailed: it certainly was not sent, so it may be tried again
    """
    request = PhoneChangeRequest.objects.select_related("user__personal_key").get(pk=request_id)
    at = request.requested_at
    if request.state == PhoneRequestState.OPEN and (old_phone := request.user.phone):
        send_notice(to=old_phone, template="phone_requested", at=at)
    if request.state == PhoneRequestState.REFUSED:
        send_notice(to=request.phone, template="phone_request_refused", at=at)


def _locked(request_id: int) -> PhoneChangeRequest:
    return (
        PhoneChangeRequest.objects.select_for_update(no_key=True, of=("self",))
        .select_related("user__personal_key")
        .get(pk=request_id)
    )


def _end(request: PhoneChangeRequest, state: PhoneRequestState, *, answer: str, now: datetime) -> None:
    require_move(PHONE_REQUEST_MOVES, request.state, state)
    request.state, request.ended_at, request.answer = state, now, answer
    request.save(update_fields=["state", "ended_at", "answer"])
    record_audit(
        action=f"accounts.phone_request.{state.lower()}",
        subject=f"user:{request.user_id}",
        facts={"request": request.pk, "answer": answer},
    )
