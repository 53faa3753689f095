"""Write a rule's next version, try it in the shadow, let two people make it live."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from payments.errors import RuleChanged, RuleSnoozedLately, RuleSnoozedTooLong
from payments.models import RiskRule
from payments.rules.risk import RULE_MOVES, RuleState
from payments.selectors.risk_reports import back_test
from payments.selectors.risk_rules import forget_rules
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.states import require_move

LONGEST_SNOOZE = timedelta(hours=24)
BETWEEN_SNOOZES = timedelta(days=7)
_SAID = ("version", *RiskRule.WRITTEN)


def draft_next(*, rule_id: int, maker_id: int) -> RiskRule:
    """The next version of a rule as a draft that says what this one says."""
    with transaction.atomic(durable=True):
        rule = RiskRule.objects.select_for_update(no_key=True).get(pk=rule_id)
        said: dict[str, Any] = {name: getattr(rule, name) for name in _SAID}
        versions = RiskRule.objects.filter(code=rule.code)
        said["version"] = versions.aggregate(newest=Max("version"))["newest"] + 1
        return RiskRule.objects.create(**said, made_by=maker_id, made_at=clock.now())


def start_shadow(*, rule_id: int) -> None:
    """
    A draft hits from now on and is written down, and nothing comes of it: one person may do that. The
    shadow of the same code that was there before is retired.

    :raises StateConflict: it is no draft
    """
    with transaction.atomic(durable=True):
        rule = _locked(rule_id)
        _retire_others(rule, RuleState.SHADOW)
        _move(rule, RuleState.SHADOW)
    forget_rules()


def propose_rule(*, rule_id: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to let a draft or a shadow count; the live version of its code is retired then. They
    read what it would have done in the last thirty days.

    :raises StateConflict: it is live, or was
    :raises AlreadyProposed: somebody has asked already
    """
    rule = RiskRule.objects.get(pk=rule_id)
    require_move(RULE_MOVES, rule.state, RuleState.LIVE)
    tried = back_test(rule.as_rule, at=clock.now())
    propose(
        kind="payments.risk_rule",
        subject=f"risk_rule:{rule.pk}",
        facts={
            "rule_id": rule.pk,
            "said": _said(rule),
            "before": _said(_live(rule.code)),
            "tried": tried.in_words,
        },
        reason=reason,
        maker_id=maker_id,
    )


def propose_retirement(*, rule_id: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to let a live rule end.

    :raises StateConflict: it is not live
    :raises AlreadyProposed: somebody has asked already
    """
    rule = RiskRule.objects.get(pk=rule_id)
    require_move(RULE_MOVES, rule.state, RuleState.RETIRED)
    propose(
        kind="payments.risk_rule_retirement",
        subject=f"risk_rule:{rule.pk}",
        facts={"rule_id": rule.pk, "rule": str(rule), "expression": rule.expression},
        reason=reason,
        maker_id=maker_id,
    )


def go_live(*, rule_id: int, said: dict[str, Any], checker_id: int) -> None:
    """
    In the transaction that approves. Every process knows it within seconds.

    :raises RuleChanged: the draft does not say any more what was approved
    :raises StateConflict: it is live, or was
    """
    require_transaction()
    rule = _locked(rule_id)
    if _said(rule) != said:
        raise RuleChanged
    _retire_others(rule, RuleState.LIVE)
    rule.approved_by, rule.live_at = checker_id, clock.now()
    _move(rule, RuleState.LIVE)
    forget_rules()


def retire(*, rule_id: int) -> None:
    """
    In the transaction that approves.

    :raises StateConflict: it has ended
    """
    require_transaction()
    _move(_locked(rule_id), RuleState.RETIRED)
    forget_rules()


def snooze(*, rule_id: int, hours: int, reason: str) -> datetime:
    """
    A rule that does harm rests, for a day at most: one person may do that, once a week, and must say why.
    Returns until when.

    :raises RuleSnoozedTooLong: more than a day; what should end for good takes two people
    :raises RuleSnoozedLately: it has rested within a week; two people may let it rest again
    """
    _require_short(hours)
    with transaction.atomic(durable=True):
        rule = _locked(rule_id)
        if rule.snoozed_until and rule.snoozed_until > clock.now() - BETWEEN_SNOOZES:
            raise RuleSnoozedLately(days=BETWEEN_SNOOZES.days)
        until = _let_rest(rule, hours=hours, reason=reason)
    forget_rules()
    return until


def propose_snooze(*, rule_id: int, hours: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to let a rule rest again, for a day at most from when they agree.

    :raises RuleSnoozedTooLong: more than a day
    :raises AlreadyProposed: somebody has asked already
    """
    _require_short(hours)
    rule = RiskRule.objects.get(pk=rule_id)
    propose(
        kind="payments.risk_rule_snooze",
        subject=f"risk_rule:{rule.pk}",
        facts={"rule_id": rule.pk, "rule": str(rule), "expression": rule.expression, "hours": hours},
        reason=reason,
        maker_id=maker_id,
    )


def snooze_again(*, rule_id: int, hours: int, reason: str) -> datetime:
    """In the transaction that approves. Returns until when."""
    require_transaction()
    until = _let_rest(_locked(rule_id), hours=hours, reason=reason)
    forget_rules()
    return until


def _require_short(hours: int) -> None:
    if not timedelta(0) < timedelta(hours=hours) <= LONGEST_SNOOZE:
        raise RuleSnoozedTooLong(hours=LONGEST_SNOOZE // timedelta(hours=1))


def _let_rest(rule: RiskRule, *, hours: int, reason: str) -> datetime:
    until = rule.snoozed_until = clock.now() + timedelta(hours=hours)
    rule.save(update_fields=["snoozed_until"])
    record_audit(
        action="payments.risk_rule.snoozed",
        subject=f"risk_rule:{rule.pk}",
        facts={"until": clock.iso(until), "reason": reason},
    )
    return until


def _locked(rule_id: int) -> RiskRule:
    return RiskRule.objects.select_for_update(no_key=True).get(pk=rule_id)


def _live(code: str) -> RiskRule | None:
    return RiskRule.objects.filter(code=code, state=RuleState.LIVE).first()


def _said(rule: RiskRule | None) -> dict[str, Any]:
    """What a version says, as plain values: what the two people agree on."""
    if rule is None:
        return {}
    said = {name: getattr(rule, name) for name in _SAID}
    return {name: clock.iso(what) if isinstance(what, datetime) else what for name, what in said.items()}


def _retire_others(rule: RiskRule, state: RuleState) -> None:
    for other in RiskRule.objects.filter(code=rule.code, state=state).exclude(pk=rule.pk):
        _move(other, RuleState.RETIRED)


def _move(rule: RiskRule, state: RuleState) -> None:
    require_move(RULE_MOVES, rule.state, state)
    rule.state = state
    rule.save(update_fields=["state", "approved_by", "live_at"])
    record_audit(
        action="payments.risk_rule.state",
        subject=f"risk_rule:{rule.pk}",
        facts={"state": state, "expression": rule.expression},
    )
