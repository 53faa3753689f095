"""What is to be sent now, what people should do, and what came of it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from coupons.selectors.coupons import claimed_coupons
from payments.selectors.orders import paid_orders
from wallet.selectors.top_ups import credited_top_ups
from wallet_project.approvals.agreed import AgreedState
from wallet_project.notifications.models import Broadcast, Delivery, Message, Preference, Recipient
from wallet_project.notifications.rules.broadcasts import NOTICES, Funnel, Goal, RecipientState
from wallet_project.notifications.rules.deliveries import DeliveryState

_OBSERVED = timedelta(days=120)  # the longest window, and as long again for a slow one


class Deed(NamedTuple):
    """What reaches a goal, and the columns that say who did it, and when."""

    rows: QuerySet
    who: str
    at: str


def deeds_of(goal: str) -> Deed:
    match Goal(goal):
        case Goal.PAID:
            return Deed(paid_orders(), "payer", "paid_at")
        case Goal.TOPPED_UP:
            return Deed(credited_top_ups(), "wallet__user", "credited_at")
        case Goal.CLAIMED:
            return Deed(claimed_coupons(), "user", "issued_at")


def broadcasts_under_way(*, at: datetime) -> QuerySet[Broadcast]:
    live = Broadcast.objects.filter(state=AgreedState.LIVE, starts_at__lte=at, finished_at=None)
    return live.filter(is_paused=False).order_by("starts_at")


def broadcasts_observed(*, at: datetime) -> QuerySet[Broadcast]:
    """Begun not so long ago that nobody counts any more what people do."""
    return Broadcast.objects.filter(begun_at__gt=at - _OBSERVED).order_by("pk")


def has_failed(*, broadcast_id: int) -> bool:
    """Whether somebody was given up after several tries, and may be tried again."""
    failed = Recipient.objects.filter(broadcast=broadcast_id, state=RecipientState.FAILED)
    return failed.filter(broadcast__state=AgreedState.LIVE).exists()


def broadcast_of(message: Message) -> Broadcast | None:
    """What was told to many by it; nothing is asked of the tables where its notice is for one person."""
    if message.notice.code not in NOTICES.values():
        return None
    return Broadcast.objects.filter(
        pk__in=Recipient.objects.filter(message=message).values("broadcast")
    ).first()


def funnel_of(broadcast: Broadcast) -> Funnel:
    """One query over its recipients."""
    arrived = Delivery.objects.filter(
        message=OuterRef("message"), state__in=[DeliveryState.SENT, DeliveryState.DELIVERED]
    )
    left = Preference.objects.filter(message=OuterRef("message"))
    is_told = Q(state=RecipientState.TOLD)
    acted = Q(acted_at__isnull=False)
    counted = (
        Recipient.objects.filter(broadcast=broadcast)
        .annotate(is_pushed=Exists(arrived), has_left=Exists(left))
        .aggregate(
            people=Count("pk"),
            waiting=Count("pk", filter=Q(state=RecipientState.WAITING)),
            told=Count("pk", filter=is_told),
            unwanted=Count("pk", filter=Q(state=RecipientState.UNWANTED)),
            failed=Count("pk", filter=Q(state=RecipientState.FAILED)),
            held_out=Count("pk", filter=Q(state=RecipientState.HELD_OUT)),
            delivered=Count("pk", filter=is_told & (Q(message__in_inbox=True) | Q(is_pushed=True))),
            read=Count("pk", filter=Q(message__read_at__isnull=False)),
            opened=Count("pk", filter=Q(message__opened_at__isnull=False)),
            acted=Count("pk", filter=is_told & acted),
            unwanted_acted=Count("pk", filter=Q(state=RecipientState.UNWANTED) & acted),
            failed_acted=Count("pk", filter=Q(state=RecipientState.FAILED) & acted),
            held_out_acted=Count("pk", filter=Q(state=RecipientState.HELD_OUT) & acted),
            unsubscribed=Count("pk", filter=Q(has_left=True)),
        )
    )
    return Funnel(**counted)
