"""What points are exchanged for at the moment, and what somebody took."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from coupons.errors import PickUpCodeUnknown
from coupons.models import Good, MallOrder
from coupons.models.mall import PICK_UP_PURPOSE
from coupons.rules.mall import MallOrderState
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit.crypto import blind_indexes


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A good; how many are left, and how often this person may still take it (None: no limit)."""

    good: Good
    left: int
    times_left: int | None


def offers_for(user_id: int, *, at: datetime) -> list[Offer]:
    """Two queries, the cheapest first."""
    goods = list(goods_offered(at).order_by("points", "pk"))
    taken = MallOrder.objects.filter(user=user_id, good__in=goods).values_list("good").annotate(Count("nth"))
    times = dict(taken)
    return [
        Offer(
            good=good,
            left=good.stock - good.taken,
            times_left=good.per_person and good.per_person - times.get(good.pk, 0),
        )
        for good in goods
    ]


def goods_offered(at: datetime) -> QuerySet[Good]:
    goods = Good.objects.filter(state=AgreedState.LIVE, starts_at__lte=at)
    return goods.filter(Q(ends_at=None) | Q(ends_at__gt=at))


def mall_orders_of(user_id: int) -> QuerySet[MallOrder]:
    return MallOrder.objects.filter(user=user_id).select_related("good")


def order_to_pick_up(code: str) -> MallOrder:
    """
    :raises PickUpCodeUnknown: nothing waits under this code
    """
    waiting = MallOrder.objects.filter(state=MallOrderState.WAITING).select_related("good")
    order = waiting.filter(code_hash__in=blind_indexes(code, purpose=PICK_UP_PURPOSE)).first()
    if order is None:
        raise PickUpCodeUnknown
    return order
