"""
Points are given, become active, are reserved, spent, returned, taken back, and expire.

Whoever changes somebody's points locks their account first; then nobody else touches their lots. What we owe
in points is booked here when it is given, when it lapses, and where it is exchanged; what an order takes and
gives back is booked by the order's own journal.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from coupons.errors import PointsShort
from coupons.events import PointsExpiring
from coupons.models import PointsAccount, PointsEntry, PointsLot, PointsSpend, PointsSpendPart
from coupons.rules.points import HistoryKind, SpendState, take_back, take_in_order
from coupons.selectors.points import policy_in_force, usable_lots
from wallet.services.promises import Promise, book_lapse, book_promise
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen
from wallet_project.kit.sweeps import sweep
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused
from wallet_project.pauses.services import require_going

RETURNED_LAST = timedelta(days=30)
_AT_ONCE = 500
_LOT = ("left", "reserved", "spent", "expired", "taken", "owed", "is_pending")


def lock_account(user_id: int) -> PointsAccount:
    """Somebody's points, theirs alone until the transaction ends; opened where they had none."""
    require_transaction()
    accounts = PointsAccount.objects.select_for_update(no_key=True)
    account = accounts.filter(pk=user_id).first()
    if account is None:
        PointsAccount.objects.bulk_create([PointsAccount(user_id=user_id)], ignore_conflicts=True)
        account = accounts.get(pk=user_id)
    return account


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
    _write(account, HistoryKind.EARNED, points, lot=lot, source=source)
    if lot.is_pending:
        account.pending += points
    else:
        account.active += points
        _pay_debt(account, [lot])
    lot.save()
    account.save()


def reserve_points(*, user_id: int, points: int, reference: str, title: str = "积分抵扣") -> None:
    """
    Keep points for what `reference` names, those that end first; once per reference.

    Must be called inside the transaction of what they are for.

    :raises Paused: nothing is used at the moment
    :raises PointsShort: there are not so many
    """
    require_going(Flow.COUPONS)
    account, now = lock_account(user_id), clock.now()
    if PointsSpend.objects.filter(reference=reference).exclude(state=SpendState.FREED).exists():
        return
    lots = {lot.pk: lot for lot in usable_lots(user_id, at=now)}
    there = sum(lot.left for lot in lots.values())
    if there < points:
        raise PointsShort(needed=points, available=there)
    taken = take_in_order(points, ((lot.pk, lot.left) for lot in lots.values()))
    spend = PointsSpend.objects.create(
        account=account, reference=reference, title=title, points=points, at=now
    )
    PointsSpendPart.objects.bulk_create(
        PointsSpendPart(spend=spend, lot=lots[part.of], points=part.points) for part in taken
    )
    for part in taken:
        lots[part.of].left -= part.points
        lots[part.of].reserved += part.points
    _save(lots[part.of] for part in taken)
    account.active -= points
    account.reserved += points
    account.save()


def use_points(*, reference: str) -> None:
    """
    What was reserved is spent; does nothing the second time, or where nothing was reserved.

    Books nothing: whoever calls it books what the points pay, in the same transaction.
    """
    found = _lock_spend(reference, SpendState.RESERVED)
    if found is None:
        return
    account, spend = found
    parts = _parts(spend)
    for part in parts:
        part.lot.reserved -= part.points
        part.lot.spent += part.points
    _save(part.lot for part in parts)
    _write(account, HistoryKind.SPENT, -spend.points, title=spend.title, reference=reference)
    account.reserved -= spend.points
    account.save()
    _end(spend, SpendState.USED)


def free_points(*, reference: str) -> None:
    """What was reserved is its owner's again; does nothing the second time, or where nothing was reserved."""
    found = _lock_spend(reference, SpendState.RESERVED)
    if found is None:
        return
    account, spend = found
    parts = _parts(spend)
    for part in parts:
        part.lot.reserved -= part.points
        part.lot.left += part.points
    lots = [part.lot for part in parts]
    account.reserved -= spend.points
    account.active += spend.points
    _pay_debt(account, lots)
    _save(lots)
    account.save()
    _end(spend, SpendState.FREED)


def return_points(*, user_id: int, points: int, source: str, reference: str) -> None:
    """
    Points that `reference` had spent come back, once per source: into their lots, those that last longest
    first, and where these are over, as a new lot of thirty days.

    Must be called inside the transaction of the refund, which books it.

    :raises PointsShort: not so many of it are still spent
    """
    account, now = lock_account(user_id), clock.now()
    if PointsEntry.objects.filter(source=source).exists():
        return
    spend = PointsSpend.objects.filter(account=account, reference=reference, state=SpendState.USED).first()
    parts = {part.pk: part for part in reversed(_parts(spend))} if spend else {}
    spent = [(part.pk, part.points - part.returned) for part in parts.values()]
    if sum(there for _pk, there in spent) < points:
        raise PointsShort(needed=points, available=sum(there for _pk, there in spent))
    lots, homeless = [], 0
    for part_id, back in take_in_order(points, spent):
        part = parts[part_id]
        part.returned += back
        if part.lot.expires_at > now:
            part.lot.spent -= back
            part.lot.left += back
            lots.append(part.lot)
        else:
            homeless += back
    PointsSpendPart.objects.bulk_update(parts.values(), ["returned"])
    if homeless:
        lots.append(_lot_of_returned(account, homeless, source=source, reference=reference, now=now))
    _write(account, HistoryKind.RETURNED, points, title="退款退回", reference=reference, source=source)
    account.active += points
    _pay_debt(account, lots)
    _save(lots)
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
    _save([lot])
    if lot.is_pending:
        account.pending -= back.left
    else:
        account.active -= back.left
    account.debt += back.owed
    _lapse(account, _write(account, HistoryKind.TAKEN_BACK, -back.left, lot=lot, title=title, owed=back.owed))
    others = list(
        PointsLot.objects.filter(account=account, is_pending=False, left__gt=0).order_by("expires_at")
    )
    _pay_debt(account, others)
    _save(others)
    account.save()


def give_up_points(*, user_id: int) -> None:
    """Whoever leaves loses what they have not used. Must be called inside the transaction that closes."""
    account = lock_account(user_id)
    lots = list(PointsLot.objects.filter(account=account, left__gt=0))
    for lot in lots:
        lot.expired += lot.left
        lot.left, lot.is_pending = 0, False
    _save(lots)
    _lapse(account, _write(account, HistoryKind.GIVEN_UP, -(account.pending + account.active), title="注销"))
    account.pending = account.active = 0
    account.save()


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
        _pay_debt(account, [lot])
        _save([lot])
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
        _lapse(account, _write(account, HistoryKind.EXPIRED, -lot.left, lot=lot))
        lot.expired += lot.left
        lot.left = 0
        _save([lot])
        account.save()
    return True


def _pay_debt(account: PointsAccount, lots: Iterable[PointsLot]) -> None:
    """What somebody owes is paid from these active lots, before they can use them."""
    for lot in lots:
        paid = min(account.debt, lot.left)
        if paid:
            lot.left -= paid
            lot.spent += paid
            account.active -= paid
            account.debt -= paid
            _lapse(account, _write(account, HistoryKind.DEBT_PAID, -paid, lot=lot))


def _lot_of_returned(
    account: PointsAccount, points: int, *, source: str, reference: str, now: datetime
) -> PointsLot:
    return PointsLot.objects.create(
        account=account,
        source=f"returned:{source}",
        title="退款退回",
        reference=reference,
        amount=points,
        left=points,
        is_pending=False,
        given_at=now,
        active_at=now,
        expires_at=now + RETURNED_LAST,
    )


def _lock_spend(reference: str, state: SpendState) -> tuple[PointsAccount, PointsSpend] | None:
    require_transaction()
    spends = PointsSpend.objects.filter(reference=reference, state=state)
    owner = spends.values_list("account", flat=True).first()
    if owner is None:
        return None
    account, spend = lock_account(owner), spends.first()
    return (account, spend) if spend else None


def _parts(spend: PointsSpend) -> list[PointsSpendPart]:
    """In the order in which they were taken: those that end first are first."""
    return list(PointsSpendPart.objects.filter(spend=spend).select_related("lot").order_by("pk"))


def _end(spend: PointsSpend, state: SpendState) -> None:
    spend.state = state
    spend.save(update_fields=["state"])


def _save(lots: Iterable[PointsLot]) -> None:
    PointsLot.objects.bulk_update(list(lots), _LOT)


def _write(
    account: PointsAccount,
    kind: HistoryKind,
    points: int,
    *,
    lot: PointsLot | None = None,
    title: str = "",
    reference: str = "",
    source: str = "",
    owed: int = 0,
) -> PointsEntry:
    return PointsEntry.objects.create(
        account=account,
        kind=kind,
        points=points,
        owed=owed,
        title=title or (lot.title if lot else ""),
        reference=reference or (lot.reference if lot else ""),
        source=source,
        at=clock.now(),
    )


def _lapse(account: PointsAccount, entry: PointsEntry) -> None:
    """What is gone by this line is not owed any more."""
    if entry.points:
        book_lapse(
            of=Promise.POINTS,
            user_id=account.pk,
            amount=Fen(-entry.points),
            key=f"points:entry:{entry.pk}",
            reference=entry.reference,
        )


def _first(due: Any, by: str) -> list[tuple[int, int]]:
    return list(due.order_by(by).values_list("pk", "account")[:_AT_ONCE])
