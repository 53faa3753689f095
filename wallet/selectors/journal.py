"""Journals and accounts, drilled down."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from wallet.models import Entry, Journal, LedgerAccount
from wallet.rules import chart


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


def trial_balance() -> list[TrialBalanceRow]:
    """Every code of the chart in its order; credits minus debits are zero."""
    sums = {
        row["code"]: row
        for row in LedgerAccount.objects.values("code").annotate(
            total=Sum("balance"), promised=Sum("held"), accounts=Count("id")
        )
    }
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
