"""What moved in the ledger in a time, what was there at its end, what was spent on: one statement each."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour

from wallet.models import Entry, RecordCategory, Withdrawal
from wallet.rules.categories import Nature
from wallet.rules.chart import BY_CODE, Side, on_normal_side
from wallet.selectors.moments import A_MOMENT
from wallet_project.kit.clock import SHANGHAI

# Who: ids of people, for a subquery; None is everybody, and the platform's accounts with them.
People = QuerySet[Any, Any] | None

# What waits to be settled with somebody outside.
CLEARING = ("wechat_clearing", "withdrawal_clearing", "refund_clearing", "biller_clearing")


class Moved(NamedTuple):
    """
    Entries of one hour, account and kind of journal, in fen: `credited` came to it, `debited` left it, both
    positive and as the ledger has them (on an account of the debit side a debit is more).
    """

    hour: int
    code: str
    kind: str
    credits: int
    debits: int
    credited: int
    debited: int

    @property
    def net(self) -> int:
        return self.credited - self.debited


class Asked(NamedTuple):
    """Withdrawals asked for in one hour, in fen without their fees."""

    hour: int
    withdrawals: int
    amount: int


class Spending(NamedTuple):
    """Spent in one hour under one category; fen."""

    hour: int
    category: str
    amount: int


# Now, less what was booked since: dear only for a day long ago.
_BALANCES = """
    SELECT code, sum(amount)::bigint FROM (
        SELECT code, balance AS amount FROM wallet_ledgeraccount AS a WHERE {whose}
        UNION ALL
        SELECT a.code, -e.amount FROM wallet_entry AS e JOIN wallet_ledgeraccount AS a ON a.id = e.account_id
        WHERE e.at >= %s AND {whose}
    ) AS booked
    GROUP BY code"""
_EVERYBODY = "true"
_THEIRS = "a.wallet_id IN (SELECT id FROM wallet_wallet WHERE user_id IN ({people}))"

# First in, first out: what is there beyond all that came in the last so many days has been there for longer.
_CAME = """
    SELECT a.code, sum(greatest(e.amount, 0))::bigint, sum(greatest(-e.amount, 0))::bigint
    FROM wallet_ledgeraccount AS a JOIN wallet_entry AS e ON e.account_id = a.id
     AND e.version > ledger_entry_at(a.id, %s) AND e.version <= ledger_entry_at(a.id, %s)
    WHERE a.code = ANY (%s)
    GROUP BY a.code"""


def moved(*, since: datetime, until: datetime, among: People = None) -> list[Moved]:
    """By the hour in Shanghai; with people, on their own accounts alone."""
    entries = Entry.objects.filter(at__gte=since, at__lt=until)
    if among is not None:
        entries = entries.filter(account__wallet__user__in=among)
    found = entries.values(
        hour=ExtractHour("at", tzinfo=SHANGHAI), code=F("account__code"), kind=F("journal__kind")
    ).annotate(
        credits=Count("amount", filter=Q(amount__gt=0)),
        debits=Count("amount", filter=Q(amount__lt=0)),
        credited=Sum("amount", filter=Q(amount__gt=0), default=0),
        debited=-Sum("amount", filter=Q(amount__lt=0), default=0),
    )
    return [Moved(*row) for row in found.order_by().values_list(*Moved._fields)]


def balances(*, before: datetime, among: People = None) -> dict[str, int]:
    """Code → fen, credit-positive, of all that was booked before a moment."""
    whose, people = _EVERYBODY, []
    if among is not None:
        sql, parameters = among.query.sql_with_params()
        whose, people = _THEIRS.format(people=sql), list(parameters)
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES.format(whose=whose), [*people, before, *people])
        return dict(cursor.fetchall())


def waiting_longer(there: Mapping[str, int], *, than: timedelta, before: datetime) -> dict[str, int]:
    """
    What of each clearing account's balance, as `balances` told it of a moment, came to it so long before;
    on the account's normal side.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CAME, [before - than - A_MOMENT, before - A_MOMENT, list(CLEARING)])
        came = {code: (credited, debited) for code, credited, debited in cursor.fetchall()}
    waits = {}
    for code in CLEARING:
        credited, debited = came.get(code, (0, 0))
        lately = debited if BY_CODE[code].side is Side.DEBIT else credited
        waits[code] = max(on_normal_side(code, there.get(code, 0)) - lately, 0)
    return waits


def withdrawals_asked(*, since: datetime, until: datetime, among: People = None) -> list[Asked]:
    asked = Withdrawal.objects.filter(requested_at__gte=since, requested_at__lt=until)
    if among is not None:
        asked = asked.filter(wallet__user__in=among)
    found = asked.values(hour=ExtractHour("requested_at", tzinfo=SHANGHAI))
    counted = found.annotate(withdrawals=Count("pk"), total=Sum("amount")).order_by()
    return [Asked(*row) for row in counted.values_list("hour", "withdrawals", "total")]


def spending_by_category(*, since: datetime, until: datetime, among: People = None) -> list[Spending]:
    spent = RecordCategory.objects.filter(nature=Nature.SPENT, occurred_at__gte=since, occurred_at__lt=until)
    if among is not None:
        spent = spent.filter(wallet__user__in=among)
    counted = spent.values(hour=ExtractHour("occurred_at", tzinfo=SHANGHAI)).annotate(total=Sum("amount"))
    return [Spending(*row) for row in counted.order_by().values_list("hour", "category", "total")]
