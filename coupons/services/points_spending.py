"""
Points are reserved, used, freed, and come back.

What an order takes and gives back is not booked here, but by the order's own journal.
"""

from datetime import datetime, timedelta

from coupons.errors import PointsShort
from coupons.models import PointsAccount, PointsEntry, PointsLot, PointsSpend, PointsSpendPart
from coupons.rules.points import HistoryKind, SpendState, take_in_order
from coupons.selectors.points import usable_lots
from coupons.services.points_accounts import lock_account, pay_debt, save_lots, write_entry
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

RETURNED_LAST = timedelta(days=30)


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
    save_lots(lots[part.of] for part in taken)
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
    save_lots(part.lot for part in parts)
    write_entry(account, HistoryKind.SPENT, -spend.points, title=spend.title, reference=reference)
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
    pay_debt(account, lots)
    save_lots(lots)
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
    write_entry(account, HistoryKind.RETURNED, points, title="退款退回", reference=reference, source=source)
    account.active += points
    pay_debt(account, lots)
    save_lots(lots)
    account.save()


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
