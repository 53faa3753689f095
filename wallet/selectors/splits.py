"""Shared bills: those I organise and those I have a share of."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from accounts.selectors.name_hints import with_hints
from wallet.models import MoneyRequest, Split
from wallet.rules.money_requests import RequestSide, RequestState
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.serials import is_serial

_IS_PAID = Q(shares__state=RequestState.PAID)


def splits_of(user_id: int, *, side: str) -> QuerySet[Split]:
    """Those they organise, or have a share of, newest first, with how much has been paid."""
    shares = MoneyRequest.objects.filter(split=OuterRef("pk"), payer=user_id)
    whose = {RequestSide.MINE: Q(organiser=user_id), RequestSide.FOR_ME: Exists(shares)}
    return _counted().filter(whose[RequestSide(side)]).order_by("-id")


def split_for(*, user_id: int, number: str) -> Split:
    """
    A split that this user organises or has a share of, with every share and whose it is; in two queries.

    :raises NotFound: no such split, or one of others: the two look alike
    """
    found = split_numbered(number)
    if found is None or user_id not in people_in(found):
        raise NotFound
    return found


def split_numbered(number: str) -> Split | None:
    """With every share and whose it is; whoever asks must have a right to know of it."""
    if not is_serial(number, "A"):
        return None
    shares = MoneyRequest.objects.select_related(*with_hints("payer")).order_by("id")
    return _counted().prefetch_related(Prefetch("shares", shares)).filter(number=number).first()


def people_in(split: Split) -> set[int | None]:
    """The organiser and everybody with a share."""
    return {split.organiser_id, *(share.payer_id for share in split.shares.all() if share.payer_id)}


def free_places(split: Split) -> list[MoneyRequest]:
    """What nobody has taken yet, in the order in which it is taken."""
    return [share for share in split.shares.all() if share.payer_id is None and share.is_open]


def splits_begun_since(organiser_id: int, moment: datetime) -> int:
    return Split.objects.filter(organiser=organiser_id, created_at__gte=moment).count()


def asked_today(requester_id: int, payer_ids: Collection[int], *, at: datetime) -> dict[int, int]:
    """How often each of these was asked by this person today; those who were not are left out."""
    asked = MoneyRequest.objects.filter(
        requester=requester_id, payer__in=payer_ids, created_at__gte=clock.start_of_day(at)
    )
    return dict(asked.values_list("payer").annotate(times=Count("id")))


def _counted() -> QuerySet[Split]:
    return Split.objects.select_related(*with_hints("organiser")).annotate(
        share_count=Count("shares"),
        paid_count=Count("shares", filter=_IS_PAID),
        paid_amount=Sum("shares__amount", filter=_IS_PAID, default=0),
    )
