"""
make_quote before a customer confirms, take_quote where money moves, give_back_quote if it came to nothing.

A quote reserves what it uses of the month's free quota, so that every promise can be kept: what is open or
taken never adds up to more than the quota was when it was promised.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.services.locks import lock_user
from wallet.errors import QuoteExpired, QuoteNotValid, QuoteUsed
from wallet.events import FeeSpared, FeeSparedNot
from wallet.models import FeeWaiver, Quote, QuoteState
from wallet.rules.fees import FeeLine, FreeQuota, fee_of, spared
from wallet.rules.kinds import MoveKind
from wallet.rules.modes import require_allowed
from wallet.rules.quotes import QUOTE_LIFE, fingerprint_of
from wallet.selectors.fee_waivers import has_waivers, waivers_for
from wallet.selectors.fees import schedule_for
from wallet.selectors.quotes import used_quota
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.errors import DomainError
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen
from wallet_project.kit.rows import find_answer

_TAKE = """
    UPDATE wallet_quote SET state = 'TAKEN', taken_at = %(at)s
    WHERE public_id = %(quote)s AND user_id = %(user)s AND kind = %(kind)s AND amount = %(amount)s
        AND fingerprint = %(fingerprint)s AND state = 'OPEN' AND expires_at > %(at)s
    RETURNING *
"""


@retry_conflicts
def make_quote(*, user_id: int, kind: MoveKind, amount: Fen, facts: Mapping[str, str]) -> Quote:
    """
    Promise this customer a fee for five minutes, for this amount and this place (`facts`: payee, biller, …).

    What it uses of the free quota is reserved, and so is a waiver that spares it a fee. Asking again for the
    same place gives up what an open quote had reserved, and with it that quote: trying another amount does
    not use the quota twice.

    :raises NotInThisMode: this wallet makes no such moves
    """
    require_allowed(kind, mode=settings.WALLET_MODE)
    now = clock.now()
    fingerprint = fingerprint_of(facts)
    month = clock.business_month(now)
    schedule = schedule_for(user_id, kind, at=now)
    terms = schedule.terms
    with transaction.atomic():
        left = FreeQuota()
        may_be_spared = not terms.is_free and has_waivers(user_id, at=now)
        if terms.has_quota or may_be_spared:
            lock_user(user_id)
            _free_what_lapsed(user_id, kind=kind, fingerprint=fingerprint, at=now)
            left = terms.free.without(used_quota(user_id, kind=kind, month=month))
        fee = fee_of(amount, terms, left=left)
        waiver = None
        if may_be_spared and fee.amount:
            waiver = waivers_for(user_id, kind=kind, at=now, until=now + QUOTE_LIFE).first()
            fee = spared(fee, most=Fen(waiver.most)) if waiver else fee
        return Quote.objects.create(
            user_id=user_id,
            kind=kind,
            amount=amount,
            fee=fee.amount,
            breakdown=list(fee.lines),
            schedule=schedule,
            fingerprint=fingerprint,
            month=month,
            free_amount=fee.uses.amount,
            free_moves=fee.uses.moves,
            waiver=waiver,
            created_at=now,
            expires_at=now + QUOTE_LIFE,
        )


def take_quote(
    *, user_id: int, quote_id: UUID | str, kind: MoveKind, amount: Fen, facts: Mapping[str, str], at: datetime
) -> Quote:
    """
    Use a quote for exactly the move it was made for, once: its `fee` is the fee, whatever is in force now.

    Must be called inside the transaction that moves the money; whoever locks the user there, does so before.

    :raises QuoteNotValid: there is no such quote of this user for this kind, amount and place
    :raises QuoteUsed: it has been taken before
    :raises QuoteExpired: its time is over, or the customer has asked again
    """
    require_transaction()
    wanted = {
        "quote": _uuid(quote_id),
        "user": user_id,
        "kind": kind,
        "amount": amount,
        "fingerprint": fingerprint_of(facts),
        "at": at,
    }
    quote = find_answer(Quote, _TAKE, wanted)
    if quote is None:
        raise _why_not_taken(quote_id, user_id=user_id, promised=(kind, amount, wanted["fingerprint"]))
    if quote.waiver:
        publish(FeeSpared(**_spared(quote, quote.waiver)))
    return quote


def give_back_quote(*, quote_id: int) -> None:
    """
    The move came to nothing: what its quote (by primary key) used of its month's free quota is free again.

    Must be called inside the transaction that gives the money back; does nothing the second time.
    """
    require_transaction()
    taken = Quote.objects.filter(pk=quote_id, state=QuoteState.TAKEN)
    if taken.update(state=QuoteState.RETURNED):
        quote = Quote.objects.select_related("waiver").get(pk=quote_id)
        if quote.waiver:
            publish(FeeSparedNot(**_spared(quote, quote.waiver)))


def _spared(quote: Quote, waiver: FeeWaiver) -> dict[str, Any]:
    return {
        "number": waiver.number,
        "user_id": quote.user_id,
        "quote": str(quote.public_id),
        "amount": -sum(line["amount"] for line in quote.breakdown if line["line"] == FeeLine.SPARED),
    }


def _uuid(quote_id: UUID | str) -> UUID:
    try:
        return UUID(str(quote_id))
    except ValueError:  # what is no UUID is no quote either
        raise QuoteNotValid from None


def _why_not_taken(quote_id: UUID | str, *, user_id: int, promised: tuple[object, ...]) -> DomainError:
    found = Quote.objects.filter(public_id=quote_id, user=user_id).first()
    if found is None or (found.kind, found.amount, bytes(found.fingerprint)) != promised:
        return QuoteNotValid()
    return QuoteUsed() if found.state in (QuoteState.TAKEN, QuoteState.RETURNED) else QuoteExpired()


def _free_what_lapsed(user_id: int, *, kind: str, fingerprint: bytes, at: datetime) -> None:
    """
    By its state, not by the clock, a quote stops reserving: two servers whose clocks disagree then cannot
    promise the same quota twice.
    """
    open_quotes = Quote.objects.filter(user=user_id, state=QuoteState.OPEN)
    reserving = open_quotes.filter(Q(free_amount__gt=0) | Q(free_moves__gt=0) | Q(waiver__isnull=False))
    asked_again = Q(kind=kind, fingerprint=fingerprint)
    reserving.filter(Q(expires_at__lte=at) | asked_again).update(state=QuoteState.LAPSED)
