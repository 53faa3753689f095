"""Which version of the rules about exceptions counts."""

from datetime import datetime

from payments.models import CaseRule
from payments.rules.cases import CaseKind


def case_rule(kind: CaseKind, *, at: datetime) -> CaseRule:
    """What counts for a kind at a moment. Every kind has a rule from its first day (migrations)."""
    begun = CaseRule.objects.filter(kind=kind, effective_from__lte=at)
    return begun.order_by("-effective_from", "-id")[:1].get()


def case_rules(*, at: datetime) -> dict[CaseKind, CaseRule]:
    """What counts for every kind at a moment, in one query."""
    begun = CaseRule.objects.filter(effective_from__lte=at)
    newest = begun.order_by("kind", "-effective_from", "-id").distinct("kind")
    return {CaseKind(rule.kind): rule for rule in newest}
