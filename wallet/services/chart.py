"""Opens the platform's accounts after every migrate: a new row of the chart can be posted to at once."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from wallet.models import LedgerAccount
from wallet.rules import chart
from wallet_project.kit import clock


def open_platform_accounts(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Runs as the owner. Existing accounts are left as they are."""
    if LedgerAccount._meta.db_table not in connections[using].introspection.table_names():
        return  # migrated back to before there was a ledger
    now = clock.now()
    LedgerAccount.objects.using(using).bulk_create(
        (
            LedgerAccount(
                id=account_id, code=row.code, slot=slot, allow_negative=row.allow_negative, last_at=now
            )
            for account_id, row, slot in chart.platform_accounts()
        ),
        ignore_conflicts=True,
    )
