"""Requests for money: mine, those that are made of me, and whom I do not wish to hear from."""

from datetime import datetime

from django.db.models import Case, Count, Q, QuerySet, Value, When

from accounts.selectors.name_hints import with_hints
from wallet.models import BlockedPerson, MoneyRequest
from wallet.rules.money_requests import Asked, RequestSide, RequestState
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.serials import is_serial


def requests_of(user_id: int, *, side: str, state: str | None = None) -> QuerySet[MoneyRequest]:
    """Those they made, shares of a split aside, or those made of them, newest first, with the names."""
    whose = {RequestSide.MINE: Q(requester=user_id, split=None), RequestSide.FOR_ME: Q(payer=user_id)}
    found = seen_by(user_id).filter(whose[RequestSide(side)])
    return (found.filter(state=state) if state else found).order_by("-id")


def request_for(*, user_id: int, number: str) -> MoneyRequest:
    """
    A request that this user made, or that was made of them, with both sides' names.

    :raises NotFound: no such request, or between others: the two look alike
    """
    mine = Q(requester=user_id) | Q(payer=user_id)
    found = seen_by(user_id).filter(mine, number=number).first() if is_serial(number, "Q") else None
    if found is None:
        raise NotFound
    return found


def seen_by(user_id: int) -> QuerySet[MoneyRequest]:
    """`side` is this user's: whether they asked or are asked."""
    mine = When(requester=user_id, then=Value(RequestSide.MINE.value))
    found = MoneyRequest.objects.select_related(*with_hints("requester"), *with_hints("payer"))
    return found.annotate(side=Case(mine, default=Value(RequestSide.FOR_ME.value)))


def asked_by(requester_id: int, *, payer_id: int | None, at: datetime) -> Asked:
    """How much somebody has asked already, splits aside, and how often one person; in one query."""
    midnight = clock.start_of_day(at)
    counted = MoneyRequest.objects.filter(
        Q(state=RequestState.OPEN) | Q(created_at__gte=midnight), requester=requester_id
    ).aggregate(
        open_now=Count("id", filter=Q(state=RequestState.OPEN, split=None)),
        today=Count("id", filter=Q(created_at__gte=midnight, split=None)),
        today_from_one=Count("id", filter=Q(created_at__gte=midnight, payer=payer_id)),
    )
    if payer_id is None:  # whoever has the link is nobody in particular
        counted["today_from_one"] = 0
    return Asked(**counted)


def overdue_requests(at: datetime) -> QuerySet[MoneyRequest]:
    return MoneyRequest.objects.filter(state=RequestState.OPEN, expires_at__lte=at).order_by("expires_at")


def has_blocked(user_id: int, *, whom: int) -> bool:
    return BlockedPerson.objects.filter(user=user_id, blocked=whom).exists()


def blocked_by(user_id: int) -> QuerySet[BlockedPerson]:
    """Whom they blocked, the last first, with their names."""
    return BlockedPerson.objects.filter(user=user_id).select_related(*with_hints("blocked")).order_by("-id")
