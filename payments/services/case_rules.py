"""Change what is done about a kind of exception: one person proposes the next version, another agrees."""

from typing import Any

from payments.errors import CaseRuleChangesNothing, CaseRuleRefused
from payments.models import CaseRule
from payments.rules.cases import CaseKind, CaseTerms, problem_with
from payments.selectors.case_rules import case_rule
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction


def propose_case_rule(*, kind: CaseKind, terms: CaseTerms, reason: str, maker_id: int) -> None:
    """
    Ask a second person to let these terms count from the approval on.

    :raises CaseRuleRefused: no rule may say this of such a case
    :raises CaseRuleChangesNothing: they count already
    :raises AlreadyProposed: another change of this kind's rule is waiting
    """
    before = _require_change(kind, terms)
    propose(
        kind="payments.case_rule",
        subject=f"case_rule:{kind}",
        facts={"kind": str(kind), "terms": terms.columns, "before": before.columns},
        reason=reason,
        maker_id=maker_id,
    )


def set_case_rule(*, kind: CaseKind, terms: CaseTerms, maker_id: int, checker_id: int) -> CaseRule:
    """
    Write the next version, in the transaction that approves. What is open keeps the clock it began with.

    :raises CaseRuleRefused, CaseRuleChangesNothing: as propose_case_rule; things change meanwhile
    """
    require_transaction()
    _require_change(kind, terms)
    rule = CaseRule.objects.create(
        kind=kind,
        **terms.columns,
        effective_from=clock.now(),
        proposed_by=maker_id,
        approved_by=checker_id,
    )
    facts: dict[str, Any] = {"rule": rule.pk, **terms.columns}
    record_audit(action="payments.case_rule.set", subject=f"case_rule:{kind}", facts=facts)
    return rule


def _require_change(kind: CaseKind, terms: CaseTerms) -> CaseTerms:
    """What these would follow."""
    if problem := problem_with(terms, kind=kind):
        raise CaseRuleRefused(reason=str(problem))
    before = case_rule(kind, at=clock.now()).terms
    if before == terms:
        raise CaseRuleChangesNothing
    return before
