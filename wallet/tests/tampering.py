"""Go round the ledger's guards as only a superuser can, and put everything back."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

_TABLES = (
    *("ledgeraccount", "journal", "entry", "hold", "holdevent", "record", "topup", "seal", "lot"),
    *("transfer", "withdrawal", "adjustment", "redpacket", "redpacketshare"),
)


@contextmanager
def tampered(owner: Any, statements: Sequence[str], subjects: Mapping[str, Any]) -> Iterator[None]:
    """Run statements with every guard off, and put the tables back as they were."""
    owner.execute("SET session_replication_role = replica")
    for table in _TABLES:
        owner.execute(f"CREATE TEMPORARY TABLE kept_{table} AS TABLE public.wallet_{table}")
    try:
        for statement in statements:
            owner.execute(statement, subjects)
            assert owner.rowcount != 0, statement
        yield
    finally:
        for table in _TABLES:
            owner.execute(
                "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
                " WHERE table_name = %s AND is_generated = 'NEVER'",
                [f"wallet_{table}"],
            )
            columns = owner.fetchone()[0]
            owner.execute(f"DELETE FROM public.wallet_{table}")  # noqa: S608 - the names are ours
            owner.execute(
                f"INSERT INTO public.wallet_{table} ({columns}) OVERRIDING SYSTEM VALUE"  # noqa: S608
                f" SELECT {columns} FROM kept_{table}"
            )
            owner.execute(f"DROP TABLE kept_{table}")
        owner.execute("SET session_replication_role = origin")
