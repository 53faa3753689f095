"""What a rule would have done, what shadows do, and how often a rule was right."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from payments.models import RiskDecision
from payments.rules.risk import Rule, would_hit
from payments.rules.risk_cases import RiskCaseState

_DAYS, _MOST = 30, 20_000


@dataclass(frozen=True, kw_only=True)
class BackTest:
    """Of the newest stored decisions: looked at, hit, and how those ended that somebody looked into."""

    decisions: int
    hits: int
    users: int
    allowed: int
    confirmed: int
    false_alarms: int
    broken: int

    @property
    def in_words(self) -> str:
        return (
            f"近 {_DAYS} 天 {self.decisions} 次决策中命中 {self.hits} 次，涉及 {self.users} 人；"
            f"其中当时放行 {self.allowed}，后确认风险 {self.confirmed}，误报 {self.false_alarms}"
            + (f"；无法计算 {self.broken}" if self.broken else "")
        )


@dataclass(frozen=True, kw_only=True)
class RuleRecord:
    """What one version did in a time: hits, and the cases in which it hit."""

    code: str
    version: int
    hits: int
    users: int
    confirmed: int
    false_alarms: int

    @property
    def precision(self) -> int | None:
        """Per cent of the closed cases that were what was feared; None: none is closed."""
        closed = self.confirmed + self.false_alarms
        return self.confirmed * 100 // closed if closed else None


_RECORDS = """
    SELECT hit ->> 'code', (hit ->> 'version')::int, count(*), count(DISTINCT decision.user_id),
        count(*) FILTER (WHERE risk_case.state = 'CONFIRMED'),
        count(*) FILTER (WHERE risk_case.state = 'FALSE_ALARM')
    FROM payments_riskdecision AS decision
    CROSS JOIN LATERAL jsonb_array_elements(decision.hits) AS hit
    LEFT JOIN payments_riskcase AS risk_case ON risk_case.decision_id = decision.id
    WHERE decision.at > %s AND decision.is_final
    GROUP BY 1, 2
"""


def records_of_rules(*, at: datetime) -> dict[tuple[str, int], RuleRecord]:
    """By code and version, shadows among them: of the last thirty days."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, [at - timedelta(days=_DAYS)])
        return {
            (code, version): RuleRecord(
                code=code,
                version=version,
                hits=hits,
                users=users,
                confirmed=confirmed,
                false_alarms=false_alarms,
            )
            for code, version, hits, users, confirmed, false_alarms in cursor.fetchall()
        }


def back_test(rule: Rule, *, at: datetime) -> BackTest:
    """The rule over the facts that decisions were made on, the newest first; nothing is written."""
    kept = RiskDecision.objects.filter(is_final=True, at__gt=at - timedelta(days=_DAYS))
    counts = dict.fromkeys(("decisions", "hits", "allowed", "confirmed", "false_alarms", "broken"), 0)
    users = set()
    newest = kept.order_by("-id").values_list("user_id", "outcome", "facts", "case__state")[:_MOST]
    for user_id, outcome, facts, ended in newest.iterator(chunk_size=1_000):
        counts["decisions"] += 1
        hit = would_hit(rule, facts, at=at)
        if hit is None:
            counts["broken"] += 1
        if not hit:
            continue
        users.add(user_id)
        counts["hits"] += 1
        counts["allowed"] += outcome == "ALLOW"
        counts["confirmed"] += ended == RiskCaseState.CONFIRMED
        counts["false_alarms"] += ended == RiskCaseState.FALSE_ALARM
    return BackTest(users=len(users), **counts)
