"""The rules that are asked, and what they are worth."""

from django.core.cache import caches

from payments.models import RiskRule
from payments.rules.risk import Rule, RuleState

_SECONDS = 5  # how long a process may not know of a new version
_KEY = "payments.risk_rules"


def rules_in_use() -> list[Rule]:
    """Live ones and shadows, as this process last heard; five seconds old at most."""
    return caches["process"].get_or_set(_KEY, _look_up, timeout=_SECONDS) or []


def forget_rules() -> None:
    """Something has changed: this process asks the table next time."""
    caches["process"].delete(_KEY)


def _look_up() -> list[Rule]:
    used = RiskRule.objects.filter(state__in=[RuleState.LIVE, RuleState.SHADOW])
    return [rule.as_rule for rule in used.order_by("code", "version")]
