"""File every line under a category, and elsewhere when its owner says so."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from wallet.errors import RecordNotSpending
from wallet.models import Category, FiledBy, Record, RecordCategory, TaughtRule
from wallet.rules.categories import NATURES, Line, Nature, category_by_rules, habit_key
from wallet.rules.kinds import RecordKind
from wallet.selectors.categories import Habit, offered_category
from wallet.selectors.wallets import wallet_of
from wallet.services.budget_notices import look_at_budgets
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.errors import NotFound
from wallet_project.kit.rows import insert


def file_records(records: Sequence[Record], habits: Sequence[Habit]) -> None:
    """
    Find the category of each line, in the transaction that writes it; the database adds it to the totals, and
    budgets are looked at when it is certain.

    What comes back is filed where it was spent: it has the reference of the line that it gives back. What is
    spent is filed as its owner taught us. The rest, and what they never taught us, goes by the rules for
    everybody.
    """
    require_transaction()
    insert(*(_filed(record, habit) for record, habit in zip(records, habits, strict=True)))
    for record, habit in zip(records, habits, strict=True):
        if habit.has_budgets and NATURES[RecordKind(record.kind)] == Nature.SPENT:
            look_at_budgets(wallet_id=record.wallet_id, month=record.month)


@retry_conflicts
def correct_category(
    *, user_id: int, record_id: int, category: str, for_later: bool
) -> tuple[Record, TaughtRule | None]:
    """
    The owner of a line knows better; what came back of it goes along.

    With `for_later` it is remembered for whom they paid, or for the words of the title, and answered as a
    taught rule: where it was learnt from (None: nothing can be learnt from such a line).

    :raises NotFound: they have no such line
    :raises RecordNotSpending: only what was spent has a category to choose
    :raises CategoryNotOffered: there is no such category to choose
    """
    offered = offered_category(category)
    with transaction.atomic(durable=True):
        found = RecordCategory.objects.select_for_update(no_key=True, of=("self",)).select_related("record")
        filed = found.filter(record=record_id, wallet=wallet_of(user_id)).first()
        if filed is None:
            raise NotFound
        if filed.nature != Nature.SPENT:
            raise RecordNotSpending
        lines = RecordCategory.objects.filter(Q(pk=filed.pk) | Q(follows=filed))
        by_owner = Case(When(pk=filed.pk, then=Value(FiledBy.OWNER)), default=F("filed_by"))
        lines.update(category=offered, filed_by=by_owner)
        taught = _learn(filed.record, offered) if for_later else None
        if filed.record.month == clock.business_month(clock.now()):
            look_at_budgets(wallet_id=filed.wallet_id, month=filed.record.month)
    return Record.objects.select_related("filed__category").get(pk=record_id), taught


def move_lines(lines: QuerySet[RecordCategory], *, category: str) -> int:
    """
    File lines of one wallet, and what came back of them, under another category; returns how many lines.

    In the caller's transaction. One statement, so that it takes the wallet's totals in their order.
    """
    require_transaction()
    waiting = lines.select_for_update(no_key=True, of=("self",)).order_by("pk")
    locked = list(waiting.values_list("pk", flat=True))
    return RecordCategory.objects.filter(Q(pk__in=locked) | Q(follows__in=locked)).update(category=category)


def forget_habit(*, user_id: int, taught_id: int) -> None:
    """
    From now on the rules for everybody decide again; lines stay as they are filed.

    :raises NotFound: they taught no such rule
    """
    forgotten, _by_model = TaughtRule.objects.filter(pk=taught_id, wallet=wallet_of(user_id)).delete()
    if not forgotten:
        raise NotFound


def line_of(record: Record) -> Line:
    return Line(
        kind=record.kind,
        title=record.title,
        counterparty=record.counterparty,
        counterparty_name=record.counterparty_name,
    )


def _filed(record: Record, habit: Habit) -> RecordCategory:
    nature = NATURES[RecordKind(record.kind)]
    original = _original_of(record) if nature == Nature.RETURNED else None
    if original:
        category, filed_by = original.category_id, FiledBy.ORIGINAL
    elif nature == Nature.SPENT and habit.taught:
        category, filed_by = habit.taught, FiledBy.HABIT
    else:
        category, filed_by = category_by_rules(line_of(record), habit.rules), FiledBy.RULE
    return RecordCategory(
        record_id=record.pk,
        wallet_id=record.wallet_id,
        nature=nature,
        amount=record.amount,
        occurred_at=record.occurred_at,
        category_id=category,
        filed_by=filed_by,
        follows_id=original and original.pk,
    )


def _original_of(record: Record) -> RecordCategory | None:
    """What this line gives back, locked: nobody files it elsewhere while this one is on its way there."""
    spent = RecordCategory.objects.select_for_update(no_key=True, of=("self",)).filter(
        wallet=record.wallet_id, nature=Nature.SPENT, record__reference=record.reference
    )
    return spent.order_by("record").first()


def _learn(record: Record, category: Category) -> TaughtRule | None:
    line = line_of(record)
    if not (key := habit_key(line)):
        return None
    known = {
        "category": category,
        "shown": record.counterparty_name or record.title,
        "taught_at": clock.now(),
    }
    taught, _new = TaughtRule.objects.update_or_create(wallet_id=record.wallet_id, key=key, defaults=known)
    return taught
