"""What a rule for everybody would change, or does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from wallet.models import CategoryRule, FiledBy, RecordCategory
from wallet.rules.categories import Line, Rule, category_by_rules

RECENT = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Misfiled:
    """So many recent lines like this one, filed under `before` and not, as the rules would, under `after`."""

    line: Line
    before: str
    after: str
    count: int


def active_rules() -> list[Rule]:
    """In the order in which they are asked."""
    return [row.as_rule() for row in _in_order(CategoryRule.objects.filter(is_active=True))]


def rules_if_switched(changed: CategoryRule) -> list[Rule]:
    """The active rules as they would be with this one started or, if it is active, stopped."""
    rows = CategoryRule.objects.filter(is_active=True).exclude(pk=changed.pk)
    if not changed.is_active:
        rows |= CategoryRule.objects.filter(pk=changed.pk)
    return [row.as_rule() for row in _in_order(rows)]


def misfiled_lines(*, rules: Iterable[Rule], at: datetime) -> list[Misfiled]:
    """
    What these rules would file elsewhere of the last 30 days, most lines first.

    Of lines that rules have filed: what customers chose or taught stays. One query; lines that read alike are
    looked at once.
    """
    rules, found = list(rules), []
    read = ("record__kind", "record__title", "record__counterparty", "record__counterparty_name")
    alike = _recent_lines(at=at).values_list(*read, "category_id").annotate(count=Count("pk"))
    for kind, title, counterparty, name, before, count in alike:
        line = Line(kind=kind, title=title, counterparty=counterparty, counterparty_name=name)
        after = category_by_rules(line, rules)
        if after != before:
            found.append(Misfiled(line=line, before=before, after=after, count=count))
    return sorted(found, key=lambda misfiled: -misfiled.count)


def recent_lines_like(misfiled: Misfiled, *, at: datetime) -> QuerySet[RecordCategory]:
    line = misfiled.line
    return _recent_lines(at=at).filter(
        record__kind=line.kind,
        record__counterparty=line.counterparty,
        record__counterparty_name=line.counterparty_name,
        record__title=line.title,
        category=misfiled.before,
    )


def _recent_lines(*, at: datetime) -> QuerySet[RecordCategory]:
    return RecordCategory.objects.filter(filed_by=FiledBy.RULE, occurred_at__gte=at - RECENT)


def _in_order(rows: QuerySet[CategoryRule]) -> QuerySet[CategoryRule]:
    return rows.order_by("priority", "pk")
