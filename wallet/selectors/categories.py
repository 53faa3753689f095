"""The categories on offer, what is filed under them, and what a customer taught us about them."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from wallet.errors import CategoryNotOffered
from wallet.models import Category, RecordCategory, TaughtRule
from wallet.rules.categories import Line, Rule, habit_key, words_of

# In one statement, because every payment asks it while it holds the accounts that everybody needs.
_DECIDES = """
    SELECT (SELECT category_id FROM wallet_taughtrule WHERE wallet_id = %(wallet)s AND key = %(key)s),
           (SELECT jsonb_agg(jsonb_build_array(category_id, kind, counterparty, words) ORDER BY priority, id)
            FROM wallet_categoryrule
            WHERE is_active AND kind IN ('', %(kind)s) AND counterparty IN ('', %(counterparty)s)),
           EXISTS (SELECT FROM wallet_budget WHERE wallet_id = %(wallet)s)
"""


@dataclass(frozen=True)
class Decisive:
    """What a customer taught us about such a line, the rules for everybody, and whether there are budgets."""

    taught: str | None
    rules: list[Rule]
    has_budgets: bool


def what_decides(line: Line, *, wallet_id: int) -> Decisive:
    """Everything that decides under which category a line goes, and who is to hear of it; one query."""
    asked: dict[str, str | int] = {
        "wallet": wallet_id,
        "key": habit_key(line),
        "kind": line.kind,
        "counterparty": line.counterparty,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DECIDES, asked)
        taught, rows, has_budgets = cursor.fetchone()
    rules = [
        Rule(category=category, kind=kind, counterparty=counterparty, words=words_of(words))
        for category, kind, counterparty, words in json.loads(rows or "[]")
    ]
    return Decisive(taught, rules, has_budgets)


def offered_categories() -> QuerySet[Category]:
    """What a customer may choose from, in the order in which it is shown."""
    return Category.objects.filter(is_offered=True)


def offered_category(code: str) -> Category:
    """
    :raises CategoryNotOffered: there is none of this name to choose
    """
    category = offered_categories().filter(code=code).first()
    if category is None:
        raise CategoryNotOffered(category=code)
    return category


def taught_rules_of(user_id: int) -> QuerySet[TaughtRule]:
    """Newest first."""
    return TaughtRule.objects.filter(wallet__user=user_id).select_related("category").order_by("-pk")


def filed_between(wallet_id: int, start: datetime, end: datetime) -> QuerySet[RecordCategory]:
    """The lines of a wallet, from `start` until before `end`, as one index has them."""
    return RecordCategory.objects.filter(wallet=wallet_id, occurred_at__gte=start, occurred_at__lt=end)
