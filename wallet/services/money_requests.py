"""Ask somebody for money; whoever is asked pays with a transfer that names the request (transfers)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.services.locks import lock_user
from wallet.errors import (
    RemindedToday,
    RequestOver,
    RequestsRefused,
    TooManyRequestsMade,
)
from wallet.events import MoneyRequested, RequestEnded, RequestReminded
from wallet.models import MoneyRequest
from wallet.rules.kinds import MoveKind
from wallet.rules.modes import require_allowed
from wallet.rules.money_requests import (
    BETWEEN_REMINDERS,
    REQUEST_LIFE,
    REQUEST_MOVES,
    RequestCaps,
    RequestState,
    cap_reached,
    may_remind,
)
from wallet.rules.transfers import LONGEST_REMARK
from wallet.selectors.content import clean_text
from wallet.selectors.money_requests import (
    asked_by,
    has_blocked,
    overdue_requests,
    request_for,
)
from wallet.selectors.payees import introduction_behind
from wallet.services.split_ends import lock_split, look_whether_over
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.errors import NotFound
from wallet_project.kit.events import publish
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move


@retry_conflicts
def request_money(
    *, requester_id: int, amount: Fen, remark: str = "", payee_token: str | None = None
) -> MoneyRequest:
    """
    Ask whoever the token stands for, or, without one, whoever gets the link (request_links) and pays first.

    :raises NotInThisMode: this wallet moves nothing from person to person
    :raises PayeeTokenRefused: too old, made up, or another's
    :raises TextRefused: the remark is nothing to send to others
    :raises RequestsRefused: they do not wish to be asked by this person
    :raises TooManyRequestsMade: asking more would be nagging
    """
    if earlier := earlier_effect():
        return request_for(user_id=requester_id, number=earlier)
    require_allowed(MoveKind.TRANSFER, mode=settings.WALLET_MODE)
    now = clock.now()
    payer_id = None
    if payee_token is not None:
        payer_id = introduction_behind(payee_token, asker_id=requester_id, at=now).payee.user_id
    remark = clean_text(remark, longest=LONGEST_REMARK)
    open_wallet(user_id=requester_id)  # whoever asks can be paid, however new they are
    with transaction.atomic(durable=True):
        lock_user(requester_id)
        if payer_id is not None:
            require_welcome(payer_id, requester_id=requester_id)
        _require_modest(requester_id, payer_id=payer_id, at=now)
        request = MoneyRequest.objects.create(
            number=new_serial("Q", now),
            requester_id=requester_id,
            payer_id=payer_id,
            amount=amount,
            remark=remark,
            created_at=now,
            expires_at=now + REQUEST_LIFE,
        )
        keep_effect(request.number)
        publish(MoneyRequested(**facts_of(request)))
    return request_for(user_id=requester_id, number=request.number)


def lock_request_to_pay(number: str, *, payer_id: int, at: datetime) -> MoneyRequest:
    """
    Nobody else pays or ends it until the caller's transaction is over; then `end_request` it.

    :raises RequestOver: it was paid or ended, or is somebody else's by now
    """
    request = lock_request(number)
    _require_open(request, at=at)
    if request.payer_id not in (None, payer_id):
        raise RequestOver(state=request.state)
    request.payer_id = payer_id
    return request


def lock_request(number: str) -> MoneyRequest:
    """
    With the split that it is a share of locked before it.

    :raises NotFound: there is none
    """
    require_transaction()
    found = MoneyRequest.objects.filter(number=number)
    split = found.values_list("split").first()
    if split is None:
        raise NotFound
    if split[0] is not None:
        lock_split(split[0])
    return found.select_for_update(no_key=True).get()


def end_request(request: MoneyRequest, *, state: RequestState, at: datetime) -> None:
    """End a locked one, and the split that it was the last open share of."""
    require_move(REQUEST_MOVES, request.state, state)
    request.state, request.ended_at = state, at
    request.save(update_fields=["state", "payer", "ended_at"])
    publish(RequestEnded(**facts_of(request), state=str(state)))
    if request.split_id is not None:
        look_whether_over(request.split_id, at=at)


@retry_conflicts
def decline_request(*, payer_id: int, number: str) -> MoneyRequest:
    """
    Whoever was asked will not pay; does nothing the second time.

    :raises NotFound: nobody asked them for this
    :raises RequestOver: it was paid, or ended in another way
    """
    return _end_as(number, user_id=payer_id, role="payer_id", state=RequestState.DECLINED)


@retry_conflicts
def cancel_request(*, requester_id: int, number: str) -> MoneyRequest:
    """
    Whoever asked no longer does; does nothing the second time.

    :raises NotFound: they never asked for this
    :raises RequestOver: it was paid, or ended in another way
    """
    return _end_as(number, user_id=requester_id, role="requester_id", state=RequestState.CANCELLED)


@retry_conflicts
def remind_of_request(*, requester_id: int, number: str) -> MoneyRequest:
    """
    Ask again, once a day.

    :raises NotFound: they never asked for this
    :raises RequestOver: there is nothing to ask for any more
    :raises RemindedToday: not yet
    """
    now = clock.now()
    with transaction.atomic(durable=True):
        request = lock_request(number)
        if request.requester_id != requester_id:
            raise NotFound
        _require_open(request, at=now)
        require_reminder_due(asked_at=request.created_at, reminded_at=request.reminded_at, at=now)
        request.reminded_at = now
        request.save(update_fields=["reminded_at"])
        publish(RequestReminded(**facts_of(request)))
    return request_for(user_id=requester_id, number=number)


def require_reminder_due(*, asked_at: datetime, reminded_at: datetime | None, at: datetime) -> None:
    """
    :raises RemindedToday: not yet
    """
    if not may_remind(asked_at=asked_at, reminded_at=reminded_at, at=at):
        raise RemindedToday(next_at=clock.iso((reminded_at or asked_at) + BETWEEN_REMINDERS))


def require_welcome(payer_id: int, *, requester_id: int) -> None:
    """
    :raises RequestsRefused: they do not wish to be asked by this person
    """
    if has_blocked(payer_id, whom=requester_id):
        raise RequestsRefused


def end_requests_of(*, user_id: int) -> None:
    """Whoever leaves asks and is asked for nothing any more. In the transaction that closes their account."""
    require_transaction()
    now = clock.now()
    theirs = MoneyRequest.objects.filter(Q(requester=user_id) | Q(payer=user_id), state=RequestState.OPEN)
    for split_id in sorted(set(theirs.exclude(split=None).values_list("split", flat=True))):
        lock_split(split_id)
    for request in theirs.select_for_update(no_key=True).order_by("pk"):
        is_own = request.requester_id == user_id
        end_request(request, state=RequestState.CANCELLED if is_own else RequestState.DECLINED, at=now)


def expire_requests(*, at: datetime, limit: int) -> int:
    """End what nobody answered in seven days, each in a transaction of its own; returns how many."""
    numbers = list(overdue_requests(at).values_list("number", flat=True)[:limit])
    return sum(_expire(number, at=at) for number in numbers)


def _expire(number: str, *, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        request = lock_request(number)
        if request.state != RequestState.OPEN:
            return False
        end_request(request, state=RequestState.EXPIRED, at=at)
    return True


def _end_as(number: str, *, user_id: int, role: str, state: RequestState) -> MoneyRequest:
    now = clock.now()
    with transaction.atomic(durable=True):
        request = lock_request(number)
        if getattr(request, role) != user_id:
            raise NotFound
        if request.state != state:
            if request.state != RequestState.OPEN:
                raise RequestOver(state=request.state)
            end_request(request, state=state, at=now)
    return request_for(user_id=user_id, number=number)


def _require_open(request: MoneyRequest, *, at: datetime) -> None:
    if request.state != RequestState.OPEN:
        raise RequestOver(state=request.state)
    if request.expires_at <= at:
        raise RequestOver(state=RequestState.EXPIRED)


def _require_modest(requester_id: int, *, payer_id: int | None, at: datetime) -> None:
    caps = RequestCaps(
        open_at_once=settings.REQUESTS_OPEN_AT_ONCE,
        a_day=settings.REQUESTS_A_DAY,
        a_day_from_one=settings.REQUESTS_A_DAY_FROM_ONE,
    )
    if cap := cap_reached(asked_by(requester_id, payer_id=payer_id, at=at), caps=caps):
        raise TooManyRequestsMade(cap=cap)


def facts_of(request: MoneyRequest) -> dict[str, Any]:
    """What every event of a request tells."""
    return {
        "number": request.number,
        "requester_id": request.requester_id,
        "payer_id": request.payer_id,
        "amount": request.amount,
    }
