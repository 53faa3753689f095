"""Facts in, outcome and reasons out."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.screening import Cause, Outcome
from payments.rules.risk import (
    WAIT,
    BadExpression,
    Earlier,
    Rule,
    RuleAction,
    check_expression,
    judge,
)
from payments.rules.risk_facts import FACTS, FactType
from payments.rules.risk_lists import network_of, networks_around

NOTHING_BEFORE = Earlier()
NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
_NOTHING = {FactType.NUMBER: 0, FactType.YES_NO: False, FactType.TEXT: "wallet.transfer"}
CALM = {name: _NOTHING[fact.type] for name, fact in FACTS.items()}


def rule(expression="amount > 0", **said):
    return Rule(**{"code": "a", "version": 1, "expression": expression, **said})


def judged(*rules, earlier=NOTHING_BEFORE, **facts):
    return judge(rules, {**CALM, "amount": 1, **facts}, at=NOON, earlier=earlier)


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("amonut > 5", "没有名为 amonut 的事实，是否想写 amount"),
        ("amount > 'much'", "表达式有误"),
        ("amount >", "表达式有误"),
        ("amount + 1", "“是”或“否”"),
        ("operation =~ '(a+)+b'", "不支持正则"),
        ("__import__('os')", "没有名为"),
        ("is_night and " * 60 + "is_night", "过长"),
    ],
)
def test_an_expression_that_says_nothing_is_refused_in_words(expression, complaint):
    with pytest.raises(BadExpression, match=complaint):
        check_expression(expression)


def test_an_expression_may_reckon_with_every_fact():
    check_expression("amount * 10 >= received_sum_24h * 7 and operation in ['login'] and not is_night")
    for name, fact in FACTS.items():
        check_expression(
            {FactType.NUMBER: f"{name} > 1", FactType.YES_NO: name, FactType.TEXT: f"{name} == ''"}[fact.type]
        )


@pytest.mark.parametrize(
    ("weights", "score", "outcome"),
    [
        ([], 0, Outcome.ALLOW),
        ([39], 39, Outcome.ALLOW),
        ([20, 20], 40, Outcome.STEP_UP),
        ([79], 79, Outcome.STEP_UP),
        ([50, 30], 80, Outcome.HOLD),
        ([90, 90], 100, Outcome.HOLD),
    ],
)
def test_weights_add_up_to_an_outcome(weights, score, outcome):
    judgement = judged(*(rule(code=str(weight), weight=weight) for weight in weights))

    assert (judgement.score, judgement.outcome) == (score, outcome)


def test_the_strictest_action_counts_and_gives_its_cause():
    judgement = judged(
        rule(weight=30, action=RuleAction.STEP_UP, cause=Cause.FREQUENCY),
        rule(weight=1, action=RuleAction.DENY, cause=Cause.COUNTERPARTY),
        rule(action=RuleAction.HOLD, cause=Cause.FUNDS),
    )

    assert (judgement.outcome, judgement.cause) == (Outcome.DENY, Cause.COUNTERPARTY)


def test_who_is_let_pass_is_stopped_by_a_denial_only():
    friend = rule(action=RuleAction.PASS)

    assert judged(friend, rule(weight=90, action=RuleAction.HOLD)).outcome is Outcome.ALLOW
    assert judged(friend, rule(action=RuleAction.DENY)).outcome is Outcome.DENY


def test_a_shadow_hits_and_nothing_comes_of_it():
    judgement = judged(rule(weight=100, action=RuleAction.DENY, is_shadow=True))

    assert (judgement.outcome, judgement.score) == (Outcome.ALLOW, 0)
    assert [hit.code for hit in judgement.hits] == ["a"]


@pytest.mark.parametrize(
    "asleep",
    [
        {"snoozed_until": NOON + timedelta(seconds=1)},
        {"effective_from": NOON + timedelta(seconds=1)},
        {"effective_to": NOON},
        {"operations": frozenset({"wallet.withdraw"})},
    ],
)
def test_a_rule_that_is_not_asked_does_not_hit(asleep):
    assert judged(rule(action=RuleAction.DENY, **asleep)).outcome is Outcome.ALLOW


def test_a_rule_that_cannot_be_evaluated_is_as_good_as_a_medium_risk():
    judgement = judged(rule("1 / amount > 0", weight=0), amount=0)

    assert (judgement.outcome, len(judgement.broken)) == (Outcome.STEP_UP, 1)


def test_a_broken_shadow_harms_nobody():
    assert judged(rule("1 / amount > 0", is_shadow=True), amount=0).outcome is Outcome.ALLOW


def test_a_delayed_move_goes_on_with_more_proof_after_its_wait():
    slow = rule(action=RuleAction.DELAY)
    ends = NOON + timedelta(minutes=5)

    assert judged(slow).until == NOON + WAIT
    assert judged(slow, earlier=Earlier(delayed_until=ends)).until == ends
    assert judged(slow, earlier=Earlier(delayed_until=NOON)).outcome is Outcome.STEP_UP


def test_what_was_looked_at_is_not_held_again_but_may_be_denied():
    looked_at = Earlier(is_cleared=True)

    assert judged(rule(action=RuleAction.HOLD), earlier=looked_at).outcome is Outcome.STEP_UP
    assert judged(rule(action=RuleAction.DENY), earlier=looked_at).outcome is Outcome.DENY


@pytest.mark.parametrize(
    ("network", "inside", "outside"),
    [
        ("203.0.113.77/24", "203.0.113.1", "203.0.114.1"),
        ("198.51.100.7", "198.51.100.7", "198.51.100.8"),
        ("0.0.0.0/0", "8.8.8.8", "2001:db8::1"),
        ("2001:db8::/32", "2001:db8:1::9", "2001:db9::9"),
    ],
)
def test_an_address_is_in_its_networks(network, inside, outside):
    assert network_of(network) in networks_around(inside)
    assert network_of(network) not in networks_around(outside)


def test_what_is_no_address_is_in_no_network():
    assert networks_around("unix:") == networks_around("") == []
    with pytest.raises(ValueError, match="does not appear"):
        network_of("10.0.0")
