"""Rules over facts, and what they come to. Pure: facts in, outcome and reasons out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

import rule_engine
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.rules.screening import Cause, Outcome
from payments.rules.risk_facts import FACTS, Facts, FactType

STEP_UP_FROM: Final = 40  # what the weights of the rules that hit add up to, 100 at most
HOLD_FROM: Final = 80
MOST: Final = 100
WAIT: Final = timedelta(hours=2)  # for how long a delayed move is put off
_LONGEST: Final = 500

_TYPES: Final = {
    FactType.NUMBER: rule_engine.DataType.FLOAT,
    FactType.YES_NO: rule_engine.DataType.BOOLEAN,
    FactType.TEXT: rule_engine.DataType.STRING,
}
_CONTEXT: Final = rule_engine.Context(
    type_resolver=rule_engine.type_resolver_from_dict(
        {name: _TYPES[fact.type] for name, fact in FACTS.items()}
    )
)


class RuleAction(TextChoices):
    """What a rule that hits does besides adding its weight. PASS: nothing but a denial stops this move."""

    SCORE = "SCORE", _("只计分")
    PASS = "PASS", _("放行")
    STEP_UP = "STEP_UP", _("加强验证")
    DELAY = "DELAY", _("延后")
    HOLD = "HOLD", _("暂缓待核")
    DENY = "DENY", _("拒绝")


class RuleState(TextChoices):
    """
    DRAFT → SHADOW → LIVE → RETIRED, and each may be skipped. A shadow hits, and nothing comes of it; a code
    has at most one live version, and one shadow beside it.
    """

    DRAFT = "DRAFT", _("草稿")
    SHADOW = "SHADOW", _("影子运行")
    LIVE = "LIVE", _("生效")
    RETIRED = "RETIRED", _("已退役")


RULE_MOVES: Final = {
    RuleState.DRAFT: {RuleState.SHADOW, RuleState.LIVE, RuleState.RETIRED},
    RuleState.SHADOW: {RuleState.LIVE, RuleState.RETIRED},
    RuleState.LIVE: {RuleState.RETIRED},
}


class BadExpression(ValueError):
    """In words for whoever wrote it."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One version of a rule. No `operations`: it looks at all of them."""

    code: str
    version: int
    expression: str
    operations: frozenset[str] = frozenset()
    weight: int = 0
    action: RuleAction = RuleAction.SCORE
    cause: Cause = Cause.ACCOUNT
    is_shadow: bool = False
    snoozed_until: datetime | None = None
    effective_from: datetime | None = None
    effective_to: datetime | None = None

    def looks_at(self, operation: str, at: datetime) -> bool:
        return (
            (not self.operations or operation in self.operations)
            and (self.snoozed_until is None or self.snoozed_until <= at)
            and (self.effective_from is None or self.effective_from <= at)
            and (self.effective_to is None or at < self.effective_to)
        )


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What was said of the same move before: a wait that has begun, a case that was looked at and let go."""

    delayed_until: datetime | None = None
    is_cleared: bool = False


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """`hits` and `broken` are rules in the order they were asked; shadows hit without consequence."""

    outcome: Outcome
    score: int
    cause: Cause
    until: datetime | None
    hits: tuple[Rule, ...]
    broken: tuple[Rule, ...]


def check_expression(expression: str) -> None:
    """
    :raises BadExpression: it does not parse, names no fact, compares apples with pears, or is not yes or no
    """
    if len(expression) > _LONGEST:
        raise BadExpression(f"表达式过长（最多 {_LONGEST} 个字符）")
    if "~" in expression:
        raise BadExpression("不支持正则匹配")  # one pattern could keep every payment waiting
    try:
        found = _compiled(expression).statement.expression.result_type
    except rule_engine.SymbolResolutionError as error:
        meant = f"，是否想写 {error.suggestion}？" if error.suggestion else ""
        raise BadExpression(f"没有名为 {error.symbol_name} 的事实{meant}") from error
    except rule_engine.EngineError as error:
        raise BadExpression(f"表达式有误：{error.message}") from error
    if found is not rule_engine.DataType.BOOLEAN:
        raise BadExpression("表达式的结果应为“是”或“否”")


def judge(rules: Iterable[Rule], facts: Facts, *, at: datetime, earlier: Earlier = Earlier()) -> Judgement:
    """
    The strictest of what the rules that hit ask for and of what their weights add up to.

    A rule that cannot be evaluated is as good as a medium risk. After its wait a delayed move goes on with
    more proof, and so does a held one that somebody has let go; only a denial still stops it.
    """
    hits: list[Rule] = []
    broken: list[Rule] = []
    for rule in rules:
        if not rule.looks_at(str(facts["operation"]), at):
            continue
        try:
            if _compiled(rule.expression).matches(facts):
                hits.append(rule)
        except rule_engine.EngineError:
            broken.append(rule)
    counted = [rule for rule in hits if not rule.is_shadow]
    score = min(sum(rule.weight for rule in counted), MOST)
    outcome = _outcome(counted, score, is_broken=any(not rule.is_shadow for rule in broken))
    if outcome is Outcome.HOLD and earlier.is_cleared:
        outcome = Outcome.STEP_UP
    until = None
    if outcome is Outcome.DELAY:
        until = earlier.delayed_until or at + WAIT
        if until <= at or earlier.is_cleared:
            outcome, until = Outcome.STEP_UP, None
    return Judgement(
        outcome=outcome,
        score=score,
        cause=_cause(counted, outcome),
        until=until,
        hits=tuple(hits),
        broken=tuple(broken),
    )


def would_hit(rule: Rule, facts: Facts, *, at: datetime) -> bool | None:
    """Of facts that were kept, perhaps before there were as many; None: they do not tell."""
    if not rule.looks_at(str(facts.get("operation", "")), at):
        return False
    try:
        return _compiled(rule.expression).matches(facts)
    except rule_engine.EngineError:
        return None


def _outcome(hits: Collection[Rule], score: int, *, is_broken: bool) -> Outcome:
    asked = {rule.action for rule in hits}
    if RuleAction.DENY in asked:
        return Outcome.DENY
    if RuleAction.PASS in asked:
        return Outcome.ALLOW
    if RuleAction.HOLD in asked or score >= HOLD_FROM:
        return Outcome.HOLD
    if RuleAction.DELAY in asked:
        return Outcome.DELAY
    if RuleAction.STEP_UP in asked or score >= STEP_UP_FROM or is_broken:
        return Outcome.STEP_UP
    return Outcome.ALLOW


def _cause(hits: Collection[Rule], outcome: Outcome) -> Cause:
    """That of the rule that asked for the outcome; else of the heaviest."""
    if not hits:
        return Cause.ACCOUNT
    return max(hits, key=lambda rule: (rule.action.value == outcome.value, rule.weight)).cause


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> rule_engine.Rule:
    return rule_engine.Rule(expression, context=_CONTEXT)
