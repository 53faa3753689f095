"""A customer objects to what was stopped: a move, their wallet, their account. It becomes a ticket."""

import hashlib

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User, UserStatus
from accounts.rules.screening import SCREENED, Outcome
from accounts.selectors.users import known_by_wechat
from accounts.services.login import proven_person
from feedback.errors import NothingToAppeal, TooManyTickets
from feedback.models import Ticket
from feedback.rules.tickets import TicketChannel, TicketKind, TicketState, Voice
from feedback.services.locks import lock_where_it_goes_on
from feedback.services.tickets import open_ticket, say
from payments.rules.risk_cases import RiskCaseState
from payments.selectors.stopped_moves import decision_of_case, open_case_of, stopped_move_of
from payments.services.risk_cases import add_note
from wallet.selectors.freezes import stopped_wallet_of
from wallet_project.audit.selectors import latest_about
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.money import ZERO, Fen

_STOPPED = (Outcome.DELAY, Outcome.HOLD, Outcome.DENY)
_FROZEN = "accounts.user.frozen"


@retry_conflicts
def appeal_decision(*, user_id: int, number: str, text: str, language: str) -> Ticket:
    """
    Object to a move that was stopped. Whoever looks at its case is told.

    :raises NotFound: no such decision about them
    :raises NothingToAppeal: it was let through
    :raises NothingSaid: there is nothing to read in the text
    :raises TooManyTickets: it was appealed and closed today
    """
    decision = stopped_move_of(user_id, number)
    if decision.outcome not in _STOPPED:
        raise NothingToAppeal
    with transaction.atomic():
        ticket = _appeal(
            user_id,
            text,
            subject=f"申诉：{SCREENED[decision.operation]}{decision.get_outcome_display()}",
            about=f"decision:{number}",
            of=number,
            language=language,
            amount=Fen(decision.amount),
        )
        if case := open_case_of(decision.pk):
            add_note(number=case, text=f"顾客申诉，工单 {ticket.number}")
    return ticket


def appeal_wallet(*, user_id: int, text: str, language: str) -> Ticket:
    """
    Object to one's wallet being stopped: once for each time that it is.

    :raises NothingToAppeal: it is not stopped
    :raises NothingSaid: there is nothing to read in the text
    :raises TooManyTickets: it was appealed and closed today
    """
    wallet = stopped_wallet_of(user_id)
    if wallet is None or wallet.status_since is None:
        raise NothingToAppeal
    return _appeal(
        user_id,
        text,
        subject=f"申诉：钱包{wallet.get_status_display()}",
        about="wallet",
        of=f"wallet:{wallet.pk}:{wallet.status_since.timestamp()}",
        language=language,
    )


def appeal_account(*, code: str, text: str, language: str) -> Ticket:
    """
    Object to one's account being frozen, which lets nobody log in: a login code of WeChat's proves who it is.

    :raises WeChatCodeRefused: WeChat does not accept the code
    :raises WeChatUnavailable: WeChat cannot be asked now
    :raises NothingToAppeal: nobody of theirs is frozen
    :raises NothingSaid: there is nothing to read in the text
    :raises TooManyTickets: it was appealed and closed today
    """
    user_id = known_by_wechat(proven_person(code).openid)
    if user_id is None or not User.objects.filter(pk=user_id, status=UserStatus.FROZEN).exists():
        raise NothingToAppeal
    frozen = [entry.pk for entry in latest_about(f"user:{user_id}", limit=50) if entry.action == _FROZEN]
    return _appeal(
        user_id,
        text,
        subject="申诉：账户冻结",
        about="account",
        of=f"account:{user_id}:{max(frozen, default=0)}",
        language=language,
    )


def tell_of_case(*, case: str, state: RiskCaseState) -> None:
    """Risk has looked at a move: whoever appealed hears that it may be made, the agent hears the rest."""
    number = decision_of_case(case)
    ticket = _last_appeal(number) if number else None
    if ticket is None or ticket.state == TicketState.CLOSED:
        return
    is_released = state == RiskCaseState.FALSE_ALARM
    with translation.override(ticket.language):
        say(
            ticket_id=ticket.pk,
            voice=Voice.SYSTEM if is_released else Voice.NOTE,
            body=_("经复核，这项操作可以重新进行") if is_released else f"风控案件 {case}：{state.label}",
            client_id=f"risk_case:{case}",
            author_id=None,
        )


@retry_conflicts
def _appeal(
    user_id: int, text: str, *, subject: str, about: str, of: str, language: str, amount: Fen = ZERO
) -> Ticket:
    """
    Appealed again, more is said in the ticket that there is. What is closed is followed by another one, of
    which there is one a day. Nothing else limits it: how many tickets they have open does not matter here.
    """
    source, now = f"appeal:{of}", clock.now()
    with transaction.atomic():
        earlier = _last_appeal(of)
        if earlier is not None:
            goes_on = lock_where_it_goes_on(earlier.pk)
            if goes_on.state != TicketState.CLOSED:
                say(
                    ticket_id=goes_on.pk,
                    voice=Voice.CUSTOMER,
                    body=text,
                    client_id=f"again:{hashlib.sha256(text.encode()).hexdigest()[:32]}",
                    author_id=user_id,
                )
                return goes_on
            if earlier.opened_at >= clock.start_of_day(now):
                raise TooManyTickets(limit=1)
        return open_ticket(
            user_id=user_id,
            kind=TicketKind.APPEAL,
            channel=TicketChannel.MINI_PROGRAM,
            subject=subject,
            body=text,
            source=f"{source}:{clock.business_day(now)}" if earlier else source,
            language=language,
            about=about,
            amount=amount,
            follows_id=earlier.pk if earlier else None,
        )


def _last_appeal(of: str) -> Ticket | None:
    """The first one about this, or the last that followed it."""
    source = f"appeal:{of}"
    appeals = Ticket.objects.filter(Q(source=source) | Q(source__startswith=f"{source}:"))
    return appeals.order_by("-pk").first()
