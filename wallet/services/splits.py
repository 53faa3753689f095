"""Split a bill: everybody's share is a request; a free place is taken by whoever opens the link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.services.locks import lock_user
from wallet.errors import LinkRefused, SplitFull, SplitImpossible, SplitOver, TooManyRequestsMade
from wallet.events import MoneyRequested, RequestReminded, SplitBegun, SplitJoined
from wallet.models import MoneyRequest, Split
from wallet.rules.kinds import MoveKind
from wallet.rules.modes import require_allowed
from wallet.rules.money_requests import REQUEST_LIFE, RequestState
from wallet.rules.splits import LONGEST_TITLE, SplitPlan, SplitState, split_by_amounts, split_equally
from wallet.selectors.content import clean_text
from wallet.selectors.payees import introduction_behind
from wallet.selectors.splits import (
    asked_today,
    free_places,
    people_in,
    split_for,
    split_numbered,
    splits_begun_since,
)
from wallet.services.money_requests import end_request, facts_of, require_reminder_due, require_welcome
from wallet.services.split_ends import lock_split
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.errors import NotFound
from wallet_project.kit.events import publish
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import ZERO, Fen
from wallet_project.kit.serials import new_serial
from wallet_project.kit.tickets import TicketRefused, make_ticket, open_ticket

_LINK = "wallet.split"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Somebody who was found, or, without a token, whoever takes it; asked for `amount` fen, or all alike."""

    payee_token: str | None = None
    amount: Fen | None = None


@retry_conflicts
def begin_split(
    *,
    organiser_id: int,
    total: Fen,
    title: str,
    places: Sequence[Place],
    own_amount: Fen | None = None,
    include_me: bool = True,
) -> Split:
    """
    Ask everybody for their share of what the organiser has paid.

    With an amount at every place, the organiser bears `own_amount`. Without any, all bear the same, the
    organiser among them unless they leave themselves out (`include_me`).

    :raises NotInThisMode: this wallet moves nothing from person to person
    :raises PayeeTokenRefused: too old, made up, or another's
    :raises SplitImpossible: the shares are not what a bill can be split into, or somebody is named TWICE
    :raises TextRefused: the title is nothing to show to others
    :raises RequestsRefused: somebody does not wish to be asked by this person
    :raises TooManyRequestsMade: asking more would be nagging
    """
    if earlier := earlier_effect():
        return split_for(user_id=organiser_id, number=earlier)
    require_allowed(MoveKind.TRANSFER, mode=settings.WALLET_MODE)
    now = clock.now()
    people = [_named(place, organiser_id=organiser_id, at=now) for place in places]
    named = [user_id for user_id in people if user_id is not None]
    if len(named) != len(set(named)):
        raise SplitImpossible(reason="TWICE")
    plan = _plan(total, places, own_amount=own_amount, include_me=include_me)
    title = clean_text(title, longest=LONGEST_TITLE) or "AA 收款"
    open_wallet(user_id=organiser_id)  # whoever asks can be paid, however new they are
    with transaction.atomic(durable=True):
        lock_user(organiser_id)
        _require_modest(organiser_id, named, at=now)
        split = Split.objects.create(
            number=new_serial("A", now),
            organiser_id=organiser_id,
            title=title,
            total=total,
            own=plan.own,
            created_at=now,
            expires_at=now + REQUEST_LIFE,
        )
        keep_effect(split.number)
        publish(SplitBegun(number=split.number, organiser_id=organiser_id, total=total))
        for user_id, amount in zip(people, plan.shares, strict=True):
            share = _ask(split, user_id, amount)
            if user_id is not None:
                publish(MoneyRequested(**facts_of(share)))
    return split_for(user_id=organiser_id, number=split.number)


def link_of_split(split: Split, *, asker_id: int) -> str | None:
    """What its organiser passes on, so that others take free places; None where there is nothing to take."""
    if split.organiser_id != asker_id or not free_places(split):
        return None
    return make_ticket(split.number, purpose=_LINK, until=split.expires_at)


def split_behind_link(link: str) -> Split:
    """
    What somebody was sent the link of. Who has paid is for those who have a share.

    :raises NotInThisMode: this wallet moves nothing from person to person
    :raises LinkRefused: no link of ours, or too old
    """
    require_allowed(MoveKind.TRANSFER, mode=settings.WALLET_MODE)
    try:
        [number] = open_ticket(link, purpose=_LINK, at=clock.now())
    except TicketRefused:
        raise LinkRefused from None
    split = split_numbered(number)
    if split is None:
        raise LinkRefused
    return split


@retry_conflicts
def join_split(*, user_id: int, link: str) -> Split:
    """
    Take the first free place; who has a share already, or organises it, keeps what they have.

    :raises NotInThisMode: this wallet moves nothing from person to person
    :raises LinkRefused: no link of ours, or too old
    :raises SplitOver: there is nothing to share any more
    :raises SplitFull: others were faster
    """
    split = split_behind_link(link)
    if user_id not in people_in(split):
        with transaction.atomic(durable=True):
            _take_place(lock_split(split.pk), user_id=user_id)
    return split_for(user_id=user_id, number=split.number)


@retry_conflicts
def close_split(*, organiser_id: int, number: str) -> Split:
    """
    Whoever has not paid need not any more; does nothing the second time.

    :raises NotFound: they organise no such split
    """
    now = clock.now()
    with transaction.atomic(durable=True):
        split = _locked(number, organiser_id=organiser_id)
        unpaid = split.shares.filter(state=RequestState.OPEN).select_for_update(no_key=True)
        for share in unpaid.order_by("pk"):
            end_request(share, state=RequestState.CANCELLED, at=now)
    return split_for(user_id=organiser_id, number=number)


@retry_conflicts
def remind_of_split(*, organiser_id: int, number: str) -> Split:
    """
    Ask everybody again who has a share and has not paid it, once a day.

    :raises NotFound: they organise no such split
    :raises SplitOver: there is nothing to ask for any more
    :raises RemindedToday: not yet
    """
    now = clock.now()
    with transaction.atomic(durable=True):
        split = _locked(number, organiser_id=organiser_id)
        _require_open(split)
        require_reminder_due(asked_at=split.created_at, reminded_at=split.reminded_at, at=now)
        split.reminded_at = now
        split.save(update_fields=["reminded_at"])
        for share in split.shares.filter(state=RequestState.OPEN, payer__isnull=False).order_by("pk"):
            publish(RequestReminded(**facts_of(share)))
    return split_for(user_id=organiser_id, number=number)


def _named(place: Place, *, organiser_id: int, at: datetime) -> int | None:
    if place.payee_token is None:
        return None
    return introduction_behind(place.payee_token, asker_id=organiser_id, at=at).payee.user_id


def _plan(total: Fen, places: Sequence[Place], *, own_amount: Fen | None, include_me: bool) -> SplitPlan:
    amounts = [place.amount for place in places if place.amount is not None]
    if not amounts and own_amount is None:
        return split_equally(total, places=len(places), with_organiser=include_me)
    if len(amounts) != len(places):
        raise SplitImpossible(reason="MIXED")
    return split_by_amounts(total, shares=amounts, own=own_amount or ZERO)


def _require_modest(organiser_id: int, named: Sequence[int], *, at: datetime) -> None:
    for user_id in named:
        require_welcome(user_id, requester_id=organiser_id)
    if splits_begun_since(organiser_id, clock.start_of_day(at)) >= settings.SPLITS_A_DAY:
        raise TooManyRequestsMade(cap="A_DAY")
    asked = asked_today(organiser_id, named, at=at)
    if max(asked.values(), default=0) >= settings.REQUESTS_A_DAY_FROM_ONE:
        raise TooManyRequestsMade(cap="A_DAY_FROM_ONE")


def _ask(split: Split, user_id: int | None, amount: Fen) -> MoneyRequest:
    return MoneyRequest.objects.create(
        number=new_serial("Q", split.created_at),
        requester_id=split.organiser_id,
        payer_id=user_id,
        split=split,
        amount=amount,
        remark=split.title,
        created_at=split.created_at,
        expires_at=split.expires_at,
    )


def _take_place(split: Split, *, user_id: int) -> None:
    """Under the lock of the split nobody else takes one."""
    if split.shares.filter(payer=user_id).exists():
        return
    _require_open(split)
    share = split.shares.filter(payer=None, state=RequestState.OPEN).order_by("pk").first()
    if share is None:
        raise SplitFull
    share.payer_id = user_id
    share.save(update_fields=["payer"])
    publish(
        SplitJoined(
            number=split.number, organiser_id=split.organiser_id, user_id=user_id, amount=share.amount
        )
    )


def _locked(number: str, *, organiser_id: int) -> Split:
    found = Split.objects.select_for_update(no_key=True).filter(number=number, organiser=organiser_id).first()
    if found is None:
        raise NotFound
    return found


def _require_open(split: Split) -> None:
    if split.state != SplitState.OPEN:
        raise SplitOver(state=split.state)
