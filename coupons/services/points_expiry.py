"""What time does to points: they become active, are about to end, and end."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from coupons.events import PointsExpiring
from coupons.models import PointsLot
from coupons.rules.points import HistoryKind
from coupons.selectors.points import policy_in_force
from coupons.services.points_accounts import book_gone, lock_account, pay_debt, save_lots, write_entry
from wallet_project.kit import clock
from wallet_project.kit.events import publish
from wallet_project.kit.sweeps import sweep
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

_AT_ONCE = 500


def activate_points() -> int:
    """What was pending long enough can be used; returns how many lots. Each is a transaction of its own."""
    due = PointsLot.objects.filter(is_pending=True, left__gt=0, active_at__lte=clock.now())
    return sweep(_first(due, "active_at"), _activate, failed="coupons.points.not_activated")


def expire_points() -> int:
    """
    What was not used in time is gone; returns how many lots. Each is a transaction of its own.

    While nobody may use any, none expires.
    """
    if is_paused(Flow.COUPONS):
        return 0
    due = PointsLot.objects.filter(is_pending=False, left__gt=0, expires_at__lte=clock.now())
    return sweep(_first(due, "expires_at"), _expire, failed="coupons.points.not_expired")


def announce_expiring_points() -> int:
    """Whose points end before long hears of it, once per lot; returns how many people."""
    until = clock.now() + timedelta(days=policy_in_force().notice_days)
    lots = PointsLot.objects.filter(
        is_pending=False, left__gt=0, is_announced=False, expires_at__gt=clock.now(), expires_at__lte=until
    )
    owners = lots.order_by("account").values_list("account", flat=True).distinct()[:_AT_ONCE]
    for user_id in list(owners):
        with transaction.atomic(durable=True):
            lock_account(user_id)
            ending = list(lots.filter(account=user_id).order_by("expires_at"))
            if ending:
                lots.filter(pk__in=[lot.pk for lot in ending]).update(is_announced=True)
                publish(
                    PointsExpiring(
                        user_id=user_id,
                        points=sum(lot.left for lot in ending),
                        first_at=clock.iso(ending[0].expires_at),
                    )
                )
    return len(owners)


def _activate(due: tuple[int, int]) -> bool:
    lot_id, user_id = due
    with transaction.atomic(durable=True):
        account = lock_account(user_id)
        lot = PointsLot.objects.get(pk=lot_id)
        if not lot.is_pending:
            return False
        lot.is_pending = False
        account.pending -= lot.left
        account.active += lot.left
        pay_debt(account, [lot])
        save_lots([lot])
        account.save()
    return True


def _expire(due: tuple[int, int]) -> bool:
    lot_id, user_id = due
    with transaction.atomic(durable=True):
        account = lock_account(user_id)
        lot = PointsLot.objects.get(pk=lot_id)
        if not lot.left:
            return False
        account.active -= lot.left
        book_gone(account, write_entry(account, HistoryKind.EXPIRED, -lot.left, lot=lot))
        lot.expired += lot.left
        lot.left = 0
        save_lots([lot])
        account.save()
    return True


def _first(due: Any, by: str) -> list[tuple[int, int]]:
    return list(due.order_by(by).values_list("pk", "account")[:_AT_ONCE])
