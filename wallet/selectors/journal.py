"""Journals and accounts, drilled down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from wallet.models import Entry, HoldEvent, Journal, LedgerAccount
from wallet.rules import chart

# Halving takes 20 µs, so it is asked once, and only of accounts that moved since. The OFFSET keeps PostgreSQL
# from asking it of every entry.
_SUMS_AT = """
    WITH account AS (
        SELECT id, code,
               CASE WHEN last_at <= %(at)s THEN version ELSE ledger_entry_at(id, %(at)s) END AS version
        FROM wallet_ledgeraccount WHERE version > 0 OFFSET 0
    )
    SELECT a.code, sum(e.balance_after), count(*)
    FROM account AS a JOIN wallet_entry AS e ON e.account_id = a.id AND e.version = a.version
    GROUP BY a.code"""


@dataclass(frozen=True, kw_only=True)
class TrialBalanceRow:
    """One code of the chart, its slots or all its customers read as one; amounts on the normal side."""

    code: str
    name: str
    side: chart.Side
    balance: int
    held: int
    accounts: int


def journal_named(journal_id: int) -> Journal:
    """
    The journal that another app's row names by its plain id.

    :raises Journal.DoesNotExist: there is none
    """
    return Journal.objects.get(pk=journal_id)


def legs_of(journal_id: int) -> list[Entry]:
    """The entries of a journal with their accounts, in the order they were locked."""
    return list(Entry.objects.filter(journal=journal_id).select_related("account").order_by("account_id"))


def latest_entries_of(account_id: int, *, limit: int) -> list[Entry]:
    """An account's newest entries with their journals."""
    entries = Entry.objects.filter(account=account_id).select_related("journal", "account")
    return list(entries.order_by("-version")[:limit])


def trial_balance(moment: datetime | None = None) -> list[TrialBalanceRow]:
    """
    Every code of the chart in its order, now or as it was at a moment; credits minus debits are zero.

    `accounts` of the past are those that had moved by then.
    """
    sums = {row["code"]: row for row in (_sums_now() if moment is None else _sums_at(moment))}
    nothing = {"total": 0, "promised": 0, "accounts": 0}
    rows = []
    for code, row in chart.BY_CODE.items():
        found = sums.get(code, nothing)
        rows.append(
            TrialBalanceRow(
                code=code,
                name=row.name,
                side=row.side,
                balance=chart.on_normal_side(code, int(found["total"])),
                held=int(found["promised"]),
                accounts=found["accounts"],
            )
        )
    return rows


def _sums_now() -> Iterable[Any]:
    return LedgerAccount.objects.values("code").annotate(
        total=Sum("balance"), promised=Sum("held"), accounts=Count("id")
    )


def _sums_at(moment: datetime) -> Iterable[Any]:
    held = HoldEvent.objects.filter(at__lte=moment).values("account__code").annotate(total=Sum("amount"))
    promised = {row["account__code"]: row["total"] for row in held}
    with connection.cursor() as cursor:
        cursor.execute(_SUMS_AT, {"at": moment})
        for code, total, accounts in cursor.fetchall():
            yield {"code": code, "total": total, "promised": promised.get(code, 0), "accounts": accounts}
