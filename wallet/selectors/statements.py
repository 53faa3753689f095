"""A month of a wallet as the ledger has it, its lines, and the statements that were made of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Cast, Coalesce

from accounts.models import User
from accounts.selectors.name_hints import with_hints
from wallet.models import Entry, LedgerAccount, Record, Statement, Wallet
from wallet.rules.kinds import Direction
from wallet.rules.statements import ColourSums, Line, Period, StatementState
from wallet.selectors.moments import entry_before
from wallet.selectors.wallets import wallet_of
from wallet_project.kit.errors import NotFound
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import is_serial

_AT_ONCE = 1_000
_CHANGE = Case(When(direction=Direction.IN, then=F("balance_amount")), default=-F("balance_amount"))


def period_of(*, wallet_id: int, month: str, since: datetime, until: datetime) -> Period:
    """
    In one statement, and so on one snapshot: whatever else commits meanwhile is in all of it or in none.

    The balances come from the entries at the borders, never from the lines that must explain them.
    """
    entries = Entry.objects.filter(account=OuterRef("pk")).order_by()
    account = OuterRef("pk")
    within = entries.filter(
        version__gt=entry_before(account, since), version__lte=entry_before(account, until)
    ).values("account")
    lines = _lines(wallet_id=wallet_id, month=month, until=until).values("wallet")
    accounts = LedgerAccount.objects.filter(wallet=wallet_id).annotate(
        opening=_balance_before(since, entries),
        closing=_balance_before(until, entries),
        received=_sum(within.filter(amount__gt=0), F("amount")),
        given=_sum(within.filter(amount__lt=0), -F("amount")),
        lines_total=_sum(lines, _CHANGE),
    )
    rows = list(
        accounts.order_by("id").values("code", "opening", "closing", "received", "given", "lines_total")
    )
    return Period(
        since=since,
        until=until,
        colours={
            row["code"]: ColourSums(
                **{name: Fen(row[name]) for name in ("opening", "received", "given", "closing")}
            )
            for row in rows
        },
        lines_total=Fen(rows[0]["lines_total"]) if rows else Fen(0),
    )


def lines_of(*, wallet_id: int, month: str, until: datetime) -> Iterator[Line]:
    """Oldest first; a thousand at a time, so that a long month needs no more memory than a short one."""
    found = _lines(wallet_id=wallet_id, month=month, until=until).annotate(change=_CHANGE).order_by("id")
    columns = [_NAMED.get(name, name) for name in Line.__slots__]
    last = 0
    while rows := list(found.filter(id__gt=last).values_list(*columns)[:_AT_ONCE]):
        yield from (Line(*row) for row in rows)
        last = rows[-1][0]


def statements_of(user_id: int) -> QuerySet[Statement]:
    return Statement.objects.filter(wallet=wallet_of(user_id))


def statement_for(user_id: int, number: str) -> Statement:
    """
    :raises NotFound: no such statement, or somebody else's: the two look alike
    """
    found = statements_of(user_id).filter(number=number).first() if is_serial(number, "S") else None
    if found is None:
        raise NotFound
    return found


def statement_with(*, number: str, checksum: str) -> Statement | None:
    """The statement that a paper shows, with its owner; None: changed, made up, or never finished."""
    known = Statement.objects.filter(state=StatementState.READY, number=number, checksum=checksum)
    return known.select_related("wallet__user", *with_hints("wallet__user")).first()


def holder_of_wallet(wallet_id: int) -> User:
    """Whose wallet it is, with what it takes to show as much of their name as may be shown."""
    wallets = Wallet.objects.select_related("user", *with_hints("user"))
    return wallets.get(pk=wallet_id).user


def column_of(statement: Statement, form: str) -> str:
    """What the pieces of one of its files are sealed for."""
    return f"wallet.statement_part.content:{statement.number}:{form}"


# Columns of a record that a line calls by another name.
_NAMED = {"record_id": "id", "at": "occurred_at"}


def _lines(*, wallet_id: int, month: str, until: datetime) -> QuerySet[Record]:
    return Record.objects.filter(wallet=wallet_id, month=month, occurred_at__lt=until).order_by()


def _balance_before(moment: datetime, entries: QuerySet[Entry]) -> Any:
    last = entries.filter(version=entry_before(OuterRef("pk"), moment))
    return Coalesce(Subquery(last.values("balance_after")), 0)


def _sum(rows: QuerySet[Any], amount: Any) -> Any:
    total = rows.annotate(total=Cast(Sum(amount), BigIntegerField())).values("total")
    return Coalesce(Subquery(total), 0)
