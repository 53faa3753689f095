"""The categories on offer, what is filed under them, and what a customer taught us about them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from wallet.errors import CategoryNotOffered
from wallet.models import Category, RecordCategory, TaughtRule
from wallet.rules.categories import Line, Rule, habit_key, words_of
from wallet.selectors.wallets import wallet_of
from wallet_project.kit.money import Fen

# In one statement, because every payment asks it while it holds the accounts that everybody needs.
_FILING = "SELECT * FROM wallet_filing(%s::bigint[], %s::text[], %s::text[], %s::text[])"


@dataclass(frozen=True)
class Habit:
    """
    What a customer taught us about such a line, the rules for everybody, whether there are budgets; and what
    is in their wallet now, gifts included.
    """

    taught: str | None
    rules: list[Rule]
    has_budgets: bool
    balance: Fen


def habits_behind(lines: Sequence[tuple[int, Line]]) -> list[Habit]:
    """
    Of each wallet and its new line, everything that decides under which category it goes, and who is to hear
    of it; one query for all.
    """
    wallets = [wallet_id for wallet_id, _line in lines]
    keys = [habit_key(line) for _wallet_id, line in lines]
    kinds = [line.kind for _wallet_id, line in lines]
    counterparties = [line.counterparty for _wallet_id, line in lines]
    with connection.cursor() as cursor:
        cursor.execute(_FILING, [wallets, keys, kinds, counterparties])
        return [
            Habit(taught, _rules(rules), has_budgets, balance)
            for taught, rules, has_budgets, balance in cursor.fetchall()
        ]


def _rules(rows: str | None) -> list[Rule]:
    return [
        Rule(category=category, kind=kind, counterparty=counterparty, words=words_of(words))
        for category, kind, counterparty, words in json.loads(rows or "[]")
    ]


def offered_categories() -> QuerySet[Category]:
    """What a customer may choose from, in the order in which it is shown."""
    return Category.objects.filter(is_offered=True)


def category_names() -> dict[str, str]:
    """Code → name, of those that are offered no more, too."""
    return dict(Category.objects.order_by("code").values_list("code", "name"))


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
    return TaughtRule.objects.filter(wallet=wallet_of(user_id)).select_related("category").order_by("-pk")


def filed_between(wallet_id: int, start: datetime, end: datetime) -> QuerySet[RecordCategory]:
    """The lines of a wallet, from `start` until before `end`, as one index has them."""
    return RecordCategory.objects.filter(wallet=wallet_id, occurred_at__gte=start, occurred_at__lt=end)
