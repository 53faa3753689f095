"""Which version of the rules about exceptions counts."""

from datetime import datetime

from payments.models import CaseRule
from payments.rules.cases import CaseKind


def case_rule(kind: CaseKind, *, at: datetime) -> CaseRule:
    """What counts for a kind at a moment. Every kind has a rule from its first day (migrations)."""
    begun = CaseRule.objects.filter(kind=kind, effective_from__lte=at)
    return begun.order_by("-effective_from", "-id")[:1].get()
