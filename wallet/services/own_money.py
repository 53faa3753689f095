"""What leaves the house is not what came in a package: its gift would stay behind."""

from typing import NamedTuple

from django.db import connection

from wallet.models import LedgerAccount
from wallet.rules import chart
from wallet.rules.postings import UNSOURCED
from wallet.selectors.balances import OwnMoney
from wallet.selectors.own_money import require_covered
from wallet.services.ledger import Lots
from wallet_project.kit.db import lock_number, require_transaction
from wallet_project.kit.money import ZERO, Fen

_LEAVING = 0x6C656176 << 32  # "leav", so that nobody else locks these numbers


class _OwnLot(NamedTuple):
    pk: int
    remaining: int
    is_tied: bool  # it came in a package


def require_sendable(*, wallet_id: int, amount: Fen) -> Lots | None:
    """
    So much own money may leave this wallet, until the caller's transaction ends: whatever else would leave
    waits. Returns which lots pay where it leaves now, as lots_to_send does.

    Call it after limits and before the ledger's accounts are locked. Of most wallets, into which no package
    was paid, it asks one question and locks nothing.

    :raises InsufficientBalance: there is not that much own money free
    :raises PackageMoneyStays: the rest came in packages
    """
    require_transaction()
    if not _has_tied(_own_lots(wallet_id)):
        return None
    lock_number(_LEAVING + wallet_id)
    # The lots first: what is spent between the two questions makes the answer too small, never too large.
    lots = _own_lots(wallet_id)
    tied = Fen(sum(lot.remaining for lot in lots if lot.is_tied))
    own = _own_account(wallet_id)
    free = Fen(own.balance - own.held)
    require_covered(OwnMoney(free=free, tied=tied, returnable=ZERO), amount=amount)
    return _take(lots, own, amount)


def lots_to_send(*, wallet_id: int, amount: Fen) -> Lots | None:
    """
    Which of its lots pay when a hold is captured that was found sendable, those of packages last; None: any.

    A hold promises an amount, not lots: meanwhile its owner may have spent others here, and then what came
    in a package takes their place.
    """
    lots = _own_lots(wallet_id)
    return _take(lots, _own_account(wallet_id), amount) if _has_tied(lots) else None


def _take(lots: list[_OwnLot], own: LedgerAccount, amount: Fen) -> Lots:
    take, rest = [], amount
    unsourced = _OwnLot(UNSOURCED, own.unsourced, is_tied=False)
    for lot in sorted((unsourced, *lots), key=lambda lot: lot.is_tied):
        part = Fen(min(lot.remaining, rest))
        if part:
            take.append((lot.pk, part))
            rest = Fen(rest - part)
    return Lots(take=take)


def _own_account(wallet_id: int) -> LedgerAccount:
    return LedgerAccount.objects.get(pk=chart.customer_account_id("principal", wallet_id=wallet_id))


def _own_lots(wallet_id: int) -> list[_OwnLot]:
    """In the order in which they are spent, in one query."""
    account = chart.customer_account_id("principal", wallet_id=wallet_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wallet_lots_left(%s)", [account])
        return [_OwnLot(*row) for row in cursor.fetchall()]


def _has_tied(lots: list[_OwnLot]) -> bool:
    return any(lot.is_tied for lot in lots)
