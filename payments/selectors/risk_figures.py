"""What was decided of moves in a time, and whether that was right, counted: one query each, over an index."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour

from payments.models import RiskCase, RiskDecision, RiskRule
from payments.rules.risk_cases import RiskCaseState
from wallet_project.kit.clock import SHANGHAI

# Who: ids of people, for a subquery; None is everybody.
People = QuerySet[Any, Any] | None


class Decided(NamedTuple):
    """Moves of one hour that ended in one way; fen."""

    hour: int
    outcome: str
    moves: int
    amount: int


class Cases(NamedTuple):
    """Opened and closed in a time; confirmed and false alarms are the closed ones."""

    opened: int
    confirmed: int
    false_alarms: int


_HITS = """
    SELECT hit ->> 'code', count(*)
    FROM payments_riskdecision AS decision CROSS JOIN LATERAL jsonb_array_elements(decision.hits) AS hit
    WHERE decision.at >= %s AND decision.at < %s AND decision.is_final
        AND NOT coalesce((hit ->> 'is_shadow')::boolean, false)
    GROUP BY 1
"""


def moves_decided(*, since: datetime, until: datetime, among: People = None) -> list[Decided]:
    decided = RiskDecision.objects.filter(at__gte=since, at__lt=until, is_final=True)
    if among is not None:
        decided = decided.filter(user__in=among)
    found = decided.values("outcome", hour=ExtractHour("at", tzinfo=SHANGHAI))
    counted = found.annotate(moves=Count("pk"), total=Sum("amount")).order_by()
    return [Decided(*row) for row in counted.values_list("hour", "outcome", "moves", "total")]


def hits_of_rules(*, since: datetime, until: datetime) -> dict[str, int]:
    """Code → moves that it hit; rules that only watch are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_HITS, [since, until])
        return dict(cursor.fetchall())


def rule_titles() -> dict[str, str]:
    """Code → title, of the newest version."""
    return dict(RiskRule.objects.order_by("version").values_list("code", "title"))


def cases(*, since: datetime, until: datetime) -> Cases:
    opened = Q(opened_at__gte=since, opened_at__lt=until)
    closed = Q(closed_at__gte=since, closed_at__lt=until)
    found = RiskCase.objects.filter(opened | closed).aggregate(
        opened=Count("pk", filter=opened),
        confirmed=Count("pk", filter=closed & Q(state=RiskCaseState.CONFIRMED)),
        false_alarms=Count("pk", filter=closed & Q(state=RiskCaseState.FALSE_ALARM)),
    )
    return Cases(**found)


def cases_open(*, at: datetime) -> int:
    later = Q(closed_at=None) | Q(closed_at__gte=at)
    return RiskCase.objects.filter(later, opened_at__lt=at).count()
