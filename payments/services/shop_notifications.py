"""Tell a shop system what became of its orders, signed as it signs its own requests."""

import json
import logging
import secrets
import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from payments.errors import NotificationWaits
from payments.events import ShopNotificationDied
from payments.gateways.shops import Answer, post_notification
from payments.models import Order, OrderRefund, ShopNotification, ShopNotificationTry, ShopSystem
from payments.rules.shop_notifications import Outcome, ShopEvent, is_last_try, is_notify_url, next_try
from payments.services.shops import sign, signing_text
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import after_commit

logger = logging.getLogger(__name__)

REST_OF_SILENT_SHOP = timedelta(seconds=30)


def note_for_shop(*, event: ShopEvent, order_no: str, refund_no: str = "") -> None:
    """
    Keep what the shop of an order is to hear, as things stand now. Requires a transaction.

    Nothing for an order at a store, or where the shop has no address.
    """
    require_transaction()
    order = Order.objects.select_related("shop").get(number=order_no)
    if order.shop is None or not order.shop.notify_url:
        return
    now = clock.now()
    notification = ShopNotification(shop=order.shop, order=order, event=event, next_try_at=now)
    facts = {
        "id": str(notification.public_id),
        "event": event,
        "created_at": clock.iso(now),
        "order": _order_facts(order),
    }
    if refund_no:
        facts["refund"] = _refund_facts(OrderRefund.objects.get(number=refund_no))
    notification.body = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    notification.save(force_insert=True)
    after_commit("payments.send_shop_notification", notification_id=notification.pk)


def send_notification(*, notification_id: int) -> None:
    """
    One try, when it is its turn: earlier ones of the same order first. 2xx is success.

    The try is counted before it begins, so a crash in the middle costs one and repeats nothing sooner.
    """
    now = clock.now()
    notification = _begin_try(notification_id, at=now)
    if notification is None:
        return
    began = time.monotonic()
    answer = _send(notification, at=now)
    _end_try(notification, answer, at=now, ms=round((time.monotonic() - began) * 1000))


def due_notifications(*, at: datetime, limit: int) -> list[int]:
    """Ids of what is to be tried now, the longest overdue first."""
    return list(_due(at).order_by("next_try_at").values_list("pk", flat=True)[:limit])


def resend(*, notification_id: int, reason: str) -> None:
    """
    A member of staff has it sent again, from the first step of the schedule.

    :raises NotificationWaits: it is still being tried
    """
    with transaction.atomic(durable=True):
        notification = ShopNotification.objects.select_for_update(no_key=True).get(pk=notification_id)
        if notification.state == ShopNotification.State.WAITING:
            raise NotificationWaits
        notification.state, notification.tries_used = ShopNotification.State.WAITING, 0
        notification.next_try_at = clock.now()
        notification.save()
        record_audit(
            action="payments.shop_notification.resent",
            subject=f"order:{notification.order.number}",
            facts={
                "notification": str(notification.public_id),
                "event": notification.event,
                "reason": reason,
            },
        )
        after_commit("payments.send_shop_notification", notification_id=notification.pk)


def _due(at: datetime) -> QuerySet[ShopNotification]:
    waiting = ShopNotification.objects.filter(state=ShopNotification.State.WAITING)
    earlier = waiting.filter(order=OuterRef("order"), pk__lt=OuterRef("pk"))
    resting = Q(shop__rests_until__gt=at)
    return waiting.filter(~resting, ~Exists(earlier), next_try_at__lte=at)


@transaction.atomic(durable=True)
def _begin_try(notification_id: int, *, at: datetime) -> ShopNotification | None:
    """None: somebody else is at it, it is not its turn, or its last try was never answered."""
    due = _due(at).select_for_update(skip_locked=True, no_key=True, of=("self",))
    notification = due.select_related("shop").filter(pk=notification_id).first()
    if notification is None:
        return None
    if is_last_try(notification.tries_used):
        _die(notification)
        notification.save()
        return None
    notification.tries_used += 1
    notification.next_try_at = next_try(at=at, used=notification.tries_used)
    notification.save()
    return notification


def _send(notification: ShopNotification, *, at: datetime) -> Answer:
    shop = notification.shop
    if not shop.is_active or not is_notify_url(shop.notify_url, local=settings.SHOPS_MAY_BE_LOCAL):
        return Answer(Outcome.NO_ADDRESS)
    parts, body = urlsplit(shop.notify_url), notification.body.encode()
    signed: dict[str, Any] = {"timestamp": str(int(at.timestamp())), "nonce": secrets.token_hex(16)}
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    text = signing_text(method="POST", target=target, body=body, **signed)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "wallet",
        "Shop-Key": shop.key_id,
        "Shop-Timestamp": signed["timestamp"],
        "Shop-Nonce": signed["nonce"],
        "Shop-Signature": sign(secret=shop.secret, text=text),
    }
    return post_notification(url=shop.notify_url, headers=headers, body=body)


@transaction.atomic(durable=True)
def _end_try(sent: ShopNotification, answer: Answer, *, at: datetime, ms: int) -> None:
    ShopNotificationTry.objects.create(
        notification=sent,
        at=at,
        outcome=answer.outcome,
        status=answer.status,
        ms=ms,
        answer=answer.beginning,
    )
    if answer.outcome == Outcome.SILENT:
        # Each try at it takes a worker seconds, and there are few: the others go first for a while.
        ShopSystem.objects.filter(pk=sent.shop_id).update(rests_until=clock.now() + REST_OF_SILENT_SHOP)
    notification = ShopNotification.objects.select_for_update(no_key=True).get(pk=sent.pk)
    if notification.state != ShopNotification.State.WAITING:
        return  # a later try was faster
    if answer.outcome == Outcome.ACCEPTED:
        notification.state = ShopNotification.State.DELIVERED
        notification.delivered_at, notification.next_try_at = clock.now(), None
    elif is_last_try(notification.tries_used):
        _die(notification)
    notification.save()


def _die(notification: ShopNotification) -> None:
    notification.state, notification.next_try_at = ShopNotification.State.DEAD, None
    order_no = notification.order.number
    publish(
        ShopNotificationDied(
            notification_id=str(notification.public_id), order_no=order_no, shop=notification.shop.key_id
        )
    )
    logger.error("payments.shop_notification.dead", extra={"order": order_no, "about": notification.event})


def _order_facts(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "shop_order_no": order.shop_order_no,
        "state": order.state,
        "amount": order.amount,
        "paid_from_coupons": order.paid_from_coupons,
        "paid_from_points": order.paid_from_points,
        "paid_from_balance": order.paid_from_balance,
        "paid_from_channel": order.paid_from_channel,
        "refunded": order.refunded,
        "paid_at": clock.iso(order.paid_at) if order.paid_at else None,
        "closed_at": clock.iso(order.closed_at) if order.closed_at else None,
    }


def _refund_facts(refund: OrderRefund) -> dict[str, Any]:
    return {
        "number": refund.number,
        "shop_refund_no": refund.shop_refund_no,
        "origin": refund.origin,
        "state": refund.state,
        "amount": refund.amount,
        "refusal": refund.answer,
        "ended_at": clock.iso(refund.ended_at) if refund.ended_at else None,
    }
