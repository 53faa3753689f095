"""
Points are given, taken back, and given up.

What we owe in points is booked when it is given, when it lapses, and where it is exchanged; what an order
takes and gives back (points_spending) is booked by the order's own journal.
"""

from datetime import datetime

from coupons.models import PointsLot
from coupons.rules.points import HistoryKind, take_back
from coupons.selectors.points import policy_in_force
from coupons.services.points_accounts import book_gone, lock_account, pay_debt, save_lots, write_entry
from wallet.services.promises import Promise, book_promise
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


def give_points(
    *,
    user_id: int,
    points: int,
    source: str,
    title: str,
    active_at: datetime | None = None,
    reference: str = "",
    rule_id: int | None = None,
) -> None:
    """
    Points for somebody, as a lot of its own under `source`, which gives points once ever. They are pending
    until `active_at`, and pay what their owner owes when they become active.

    Must be called inside the transaction that decided so; does nothing the second time.
    """
    account = lock_account(user_id)
    if PointsLot.objects.filter(source=source).exists():
        return
    now = clock.now()
    begins = max(active_at or now, now)
    lot = PointsLot(
        account=account,
        source=source,
        rule_id=rule_id,
        title=title,
        reference=reference,
        amount=points,
        left=points,
        is_pending=begins > now,
        given_at=now,
        active_at=begins,
        expires_at=policy_in_force().end_of(begins),
    )
    book_promise(
        of=Promise.POINTS,
        user_id=user_id,
        amount=Fen(points),
        key=f"points:{source}",
        reference=reference,
    )
    write_entry(account, HistoryKind.EARNED, points, lot=lot, source=source)
    if lot.is_pending:
        account.pending += points
    else:
        account.active += points
        pay_debt(account, [lot])
    lot.save()
    account.save()


def take_back_points(*, source: str, numerator: int, denominator: int, title: str) -> None:
    """
    So large a part of the lot of this source was earned by nothing after all. Repeated with the same or a
    smaller part it does nothing.

    What was spent of it becomes a debt, which all other points of its owner pay at once, and later ones when
    they become active. Must be called inside the transaction that decided so.
    """
    require_transaction()
    owner = PointsLot.objects.filter(source=source).values_list("account", flat=True).first()
    if owner is None:
        return
    account = lock_account(owner)
    lot = PointsLot.objects.get(source=source)
    due = lot.amount * numerator // denominator - lot.taken - lot.owed
    if due <= 0:
        return
    back = take_back(due, left=lot.left, expired=lot.expired)
    lot.left -= back.left
    lot.expired -= back.expired
    lot.taken += back.left + back.expired
    lot.owed += back.owed
    save_lots([lot])
    if lot.is_pending:
        account.pending -= back.left
    else:
        account.active -= back.left
    account.debt += back.owed
    entry = write_entry(account, HistoryKind.TAKEN_BACK, -back.left, lot=lot, title=title, owed=back.owed)
    book_gone(account, entry)
    others = list(
        PointsLot.objects.filter(account=account, is_pending=False, left__gt=0).order_by("expires_at")
    )
    pay_debt(account, others)
    save_lots(others)
    account.save()


def give_up_points(*, user_id: int) -> None:
    """Whoever leaves loses what they have not used. Must be called inside the transaction that closes."""
    account = lock_account(user_id)
    lots = list(PointsLot.objects.filter(account=account, left__gt=0))
    for lot in lots:
        lot.expired += lot.left
        lot.left, lot.is_pending = 0, False
    save_lots(lots)
    entry = write_entry(account, HistoryKind.GIVEN_UP, -(account.pending + account.active), title="注销")
    book_gone(account, entry)
    account.pending = account.active = 0
    account.save()
