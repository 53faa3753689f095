"""How a request is paid: by whoever it is made of, or by whoever opens its link first."""

from datetime import datetime

from django.conf import settings

from wallet.errors import LinkRefused, RequestOver
from wallet.models import MoneyRequest
from wallet.rules.kinds import MoveKind
from wallet.rules.modes import require_allowed
from wallet.rules.money_requests import RequestState
from wallet.selectors.money_requests import seen_by
from wallet.selectors.payees import wallet_to_pay
from wallet.services.payees import payee_for
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.tickets import TicketRefused, make_ticket, open_ticket

_LINK = "wallet.request"


def link_of(request: MoneyRequest, *, asker_id: int) -> str | None:
    """What its requester may pass on, so that anybody pays; None where there is nothing to pass on."""
    is_for_anybody = request.requester_id == asker_id and request.payer_id is None
    if not is_for_anybody or request.split_id is not None or not _is_open(request, at=clock.now()):
        return None
    return make_ticket(request.number, purpose=_LINK, until=request.expires_at)


def request_behind_link(link: str, *, asker_id: int) -> MoneyRequest:
    """
    The request that somebody was sent the link of.

    :raises NotInThisMode: this wallet moves nothing from person to person
    :raises LinkRefused: no link of ours, or too old
    :raises RequestOver: somebody else was faster
    """
    require_allowed(MoveKind.TRANSFER, mode=settings.WALLET_MODE)
    try:
        [number] = open_ticket(link, purpose=_LINK, at=clock.now())
    except TicketRefused:
        raise LinkRefused from None
    request = seen_by(asker_id).get(number=number)
    if request.payer_id not in (None, asker_id) and request.requester_id != asker_id:
        raise RequestOver(state=request.state)
    return request


def payee_token_of(request: MoneyRequest, *, asker_id: int) -> str | None:
    """
    With what this person pays this request and nothing else; None where they cannot: it is their own, over,
    or its requester's wallet takes nothing.

    They must have a right to know of it: it is made of them, or they have its link.
    """
    now = clock.now()
    if request.requester_id == asker_id or not _is_open(request, at=now):
        return None
    wallet = wallet_to_pay(request.requester_id)
    if wallet is None:
        return None
    amount = Fen(request.amount)
    return payee_for(asker_id=asker_id, wallet=wallet, at=now, amount=amount, request=request.number).token


def _is_open(request: MoneyRequest, *, at: datetime) -> bool:
    return request.state == RequestState.OPEN and request.expires_at > at
