"""
Somebody's points: locked, written down, and what they owe paid from them.

Whoever changes somebody's points locks their account first; then nobody else touches their lots.
"""

from collections.abc import Iterable

from coupons.models import PointsAccount, PointsEntry, PointsLot
from coupons.rules.points import HistoryKind
from wallet.services.promises import Promise, book_lapse
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen

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


def pay_debt(account: PointsAccount, lots: Iterable[PointsLot]) -> None:
    """What somebody owes is paid from these active lots, before they can use them."""
    for lot in lots:
        paid = min(account.debt, lot.left)
        if paid:
            lot.left -= paid
            lot.spent += paid
            account.active -= paid
            account.debt -= paid
            book_gone(account, write_entry(account, HistoryKind.DEBT_PAID, -paid, lot=lot))


def save_lots(lots: Iterable[PointsLot]) -> None:
    """Under the lock of their account."""
    PointsLot.objects.bulk_update(list(lots), _LOT)


def write_entry(
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
    """A line of their history."""
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


def book_gone(account: PointsAccount, entry: PointsEntry) -> None:
    """What is gone by this line is not owed any more."""
    if entry.points:
        book_lapse(
            of=Promise.POINTS,
            user_id=account.pk,
            amount=Fen(-entry.points),
            key=f"points:entry:{entry.pk}",
            reference=entry.reference,
        )
