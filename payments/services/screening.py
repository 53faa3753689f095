"""
Judge a move before it is made: count it, ask the rules, keep the decision. Answers settings.MOVE_SCREENER.

Whoever is about to move is counted and judged under a lock of their own, of their device, address and
payee: of any number at the same moment each sees the ones before.
"""

import hashlib
import logging
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.rules.screening import REWARD, SCREENED, Cause, Move, Outcome, Verdict
from payments.events import MoveStopped
from payments.models import RiskDecision, RiskMove
from payments.rules.risk import Judgement, Rule, judge
from payments.rules.risk_facts import Facts
from payments.selectors.risk_facts import facts_of, family_of
from payments.selectors.risk_rules import rules_in_use
from payments.services.risk_cases import hold_move
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.rows import insert
from wallet_project.kit.serials import new_serial

logger = logging.getLogger(__name__)


def screen(move: Move) -> Verdict:
    """
    What is thought of a move, in one round trip for its facts and one to three for what is kept.

    A final move that may go on is counted; one that is held becomes a case, its amount set aside. Committed
    when this returns, whatever becomes of the move.
    """
    rules, now = rules_in_use(), clock.now()
    return _decide_final(move, rules, now) if move.is_final else _answer(move, rules, now)


def _answer(move: Move, rules: list[Rule], now: datetime) -> Verdict:
    facts, earlier = facts_of(move, at=now)
    judgement = judge(rules, facts, at=now, earlier=earlier)
    if judgement.outcome is Outcome.ALLOW:
        return Verdict(outcome=Outcome.ALLOW)
    with transaction.atomic():
        decision = _keep(move, facts, judgement, now)
        if judgement.outcome in (Outcome.DELAY, Outcome.DENY):
            _tell(decision)
    return _verdict(decision)


@retry_conflicts
def _decide_final(move: Move, rules: list[Rule], now: datetime) -> Verdict:
    with transaction.atomic(durable=True):
        facts, earlier = facts_of(move, at=now, keys=_lock_keys(move))
        judgement = judge(rules, facts, at=now, earlier=earlier)
        goes_on = judgement.outcome in (Outcome.ALLOW, Outcome.STEP_UP)
        counted = [_counted(move, now)] if goes_on else []
        decision, case = _keep(move, facts, judgement, now, *counted), ""
        if judgement.outcome is Outcome.HOLD and move.user_id:
            case = hold_move(decision, sets_aside=not move.can_wait, at=now).number
        if not goes_on:
            _tell(decision)
    return _verdict(decision, case=case)


def _keep(move: Move, facts: Facts, judgement: Judgement, now: datetime, *counted: RiskMove) -> RiskDecision:
    """The decision and, where the move goes on, that it is counted: in one statement."""
    if judgement.broken:
        codes = [rule.code for rule in judgement.broken]
        logger.error("payments.risk.rule_broken", extra={"rules": codes, "operation": move.operation})
    decision = RiskDecision(
        number=new_serial("V", now),
        user_id=move.user_id,
        operation=move.operation,
        amount=move.amount,
        device_id=move.device_id,
        ip=move.ip,
        payee=move.to,
        is_final=move.is_final,
        outcome=judgement.outcome,
        score=judgement.score,
        cause=judgement.cause,
        until=judgement.until,
        hits=[_hit(rule) for rule in judgement.hits],
        facts=facts,
        is_degraded=bool(judgement.broken),
        at=now,
    )
    insert(decision, *counted)
    return decision


def _counted(move: Move, now: datetime) -> RiskMove:
    return RiskMove(
        at=now,
        family=family_of(move.operation),
        user_id=move.user_id,
        device_id=move.device_id or None,
        ip=move.ip or None,
        payee=move.to or None,
        amount=move.amount,
    )


def _hit(rule: Rule) -> dict[str, Any]:
    kept = ("code", "version", "weight", "action", "is_shadow")
    return {name: value for name, value in asdict(rule).items() if name in kept}


def _verdict(decision: RiskDecision, *, case: str = "") -> Verdict:
    return Verdict(
        outcome=Outcome(decision.outcome),
        cause=Cause(decision.cause),
        until=decision.until,
        number=decision.number,
        case=case,
    )


def _tell(decision: RiskDecision) -> None:
    """
    The customer, and whoever watches: a move of theirs did not go on. What they are to be given is no move of
    theirs; where they look for it they read that it takes a while.
    """
    if decision.user_id is None or decision.operation == REWARD:
        return
    publish(
        MoveStopped(
            user_id=decision.user_id,
            number=decision.number,
            operation=SCREENED[decision.operation],
            amount=decision.amount,
            outcome=str(decision.outcome),
            cause=str(decision.get_cause_display()),
        )
    )


def _lock_keys(move: Move) -> list[int]:
    """Ascending, so that two moves never wait for each other."""
    about = {"user": move.user_id, "device": move.device_id, "ip": move.ip, "payee": move.to}
    return sorted({_number(f"risk:{name}:{value}") for name, value in about.items() if value})


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)
