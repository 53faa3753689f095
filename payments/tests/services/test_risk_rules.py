"""Rules and lists change by two people where they trust more; what they would do is known before."""

from datetime import timedelta

import pytest
import time_machine

from accounts.rules.screening import Move, Outcome, Standing
from payments.errors import (
    AlreadyListed,
    NotANetwork,
    RuleChanged,
    RuleSnoozedLately,
    RuleSnoozedTooLong,
)
from payments.models import RiskDecision, RiskListEntry, RiskRule
from payments.rules.risk_lists import Listed, RiskList
from payments.selectors.risk_reports import back_test, records_of_rules
from payments.selectors.risk_rules import forget_rules
from payments.services.risk_lists import add_to_list, take_off_list
from payments.services.risk_rules import (
    draft_next,
    propose_retirement,
    propose_rule,
    propose_snooze,
    snooze,
    start_shadow,
)
from payments.services.screening import screen
from payments.tests.factories import held_move, risk_rule, staff_member
from wallet.tests.dealings import somebody
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.money import Fen
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker():
    return staff_member().pk


@pytest.fixture
def checker():
    member = staff_member()
    member.groups.add(make_groups()["风控"])
    return member.pk


def outcome_of(person, amount=100):
    move = Move(
        operation="wallet.transfer",
        user_id=person.id,
        is_final=True,
        amount=Fen(amount),
        standing=Standing(uid=str(person.user.uid)),
    )
    return screen(move).outcome


def agree(checker):
    return approve(proposal_id=Proposal.objects.latest("pk").pk, checker_id=checker)


def drafted(rule, maker, **said):
    draft = draft_next(rule_id=rule.pk, maker_id=maker)
    RiskRule.objects.filter(pk=draft.pk).update(**said)
    draft.refresh_from_db()
    return draft


def test_a_draft_does_nothing_a_shadow_is_written_down_and_two_people_make_it_count(maker, checker):
    person, rule = somebody(), risk_rule("mild", action="SCORE", weight=1)
    draft = drafted(rule, maker, action="DENY")

    assert outcome_of(person) is Outcome.ALLOW
    start_shadow(rule_id=draft.pk)
    assert outcome_of(person) is Outcome.ALLOW
    assert [hit["version"] for hit in RiskDecision.objects.latest("pk").hits] == [1, 2]
    propose_rule(rule_id=draft.pk, reason="影子运行一周", maker_id=maker)
    assert outcome_of(person) is Outcome.ALLOW
    agree(checker)

    assert outcome_of(person) is Outcome.DENY
    states = RiskRule.objects.filter(code="mild").order_by("version").values_list("state", "approved_by")
    assert list(states) == [("RETIRED", None), ("LIVE", checker)]


def test_what_is_approved_is_what_was_proposed(maker, checker):
    draft = drafted(risk_rule("mild"), maker)
    propose_rule(rule_id=draft.pk, reason="调整分值", maker_id=maker)
    RiskRule.objects.filter(pk=draft.pk).update(expression="amount > 99999999")

    with pytest.raises(RuleChanged):
        agree(checker)

    assert RiskRule.objects.get(pk=draft.pk).state == "DRAFT"


def test_a_live_rule_ends_by_two_people_and_rests_by_one_for_a_day_at_most(maker, checker):
    person, rule = somebody(), risk_rule("harsh", action="DENY")

    with pytest.raises(RuleSnoozedTooLong):
        snooze(rule_id=rule.pk, hours=25, reason="误伤太多")
    snooze(rule_id=rule.pk, hours=2, reason="误伤太多")
    assert outcome_of(person) is Outcome.ALLOW
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        forget_rules()
        assert outcome_of(person) is Outcome.DENY
    propose_retirement(rule_id=rule.pk, reason="不再需要", maker_id=maker)
    agree(checker)

    assert outcome_of(person) is Outcome.ALLOW
    with pytest.raises(StateConflict):
        propose_rule(rule_id=rule.pk, reason="又要了", maker_id=maker)


def test_a_rule_rests_by_one_person_once_a_week_and_by_two_again(maker, checker):
    person, rule = somebody(), risk_rule("harsh", action="DENY")
    snooze(rule_id=rule.pk, hours=24, reason="误伤太多")

    with time_machine.travel(clock.now() + timedelta(days=7, hours=23), tick=False):
        forget_rules()
        with pytest.raises(RuleSnoozedLately):
            snooze(rule_id=rule.pk, hours=1, reason="还是误伤")
        with pytest.raises(RuleSnoozedTooLong):
            propose_snooze(rule_id=rule.pk, hours=25, reason="还是误伤", maker_id=maker)
        propose_snooze(rule_id=rule.pk, hours=1, reason="还是误伤", maker_id=maker)
        assert outcome_of(person) is Outcome.DENY
        agree(checker)
        assert outcome_of(person) is Outcome.ALLOW
        rested = clock.now() + timedelta(hours=1)
    with time_machine.travel(rested + timedelta(days=7), tick=False):
        forget_rules()
        assert outcome_of(person) is Outcome.DENY
        snooze(rule_id=rule.pk, hours=1, reason="又误伤了")
        assert outcome_of(person) is Outcome.ALLOW


def test_a_rule_is_tried_on_what_has_been_before_it_counts(maker):
    person = somebody()
    for amount in (100, 300, 500):
        outcome_of(person, amount)
    draft = drafted(risk_rule("tried", expression="amount < 0"), maker, expression="amount >= 300")

    tried = back_test(draft.as_rule, at=clock.now())
    propose_rule(rule_id=draft.pk, reason="抓大额", maker_id=maker)

    mine = RiskDecision.objects.filter(user=person.id, facts__amount__gte=300)
    assert (
        tried.hits
        == mine.count()
        + RiskDecision.objects.exclude(user=person.id).filter(is_final=True, facts__amount__gte=300).count()
    )
    assert tried.users >= 1
    assert Proposal.objects.latest("pk").facts["tried"] == tried.in_words


def test_how_closed_cases_ended_says_how_often_a_rule_is_right():
    before = records_of_rules(at=clock.now()).get(("mule_fan_in", 1))
    for state in ("CONFIRMED", "CONFIRMED", "FALSE_ALARM"):
        case = held_move(somebody().user)
        case.state, case.closed_at, case.conclusion = state, clock.now(), "试"
        case.save()

    record = records_of_rules(at=clock.now())[("mule_fan_in", 1)]

    assert record.confirmed - (before.confirmed if before else 0) == 2
    assert record.false_alarms - (before.false_alarms if before else 0) == 1
    assert record.precision is not None


class TestLists:
    def add(self, maker, *, on=RiskList.DENY, value="203.0.113.9/24"):
        return add_to_list(
            list_name=on, kind=Listed.NETWORK, value=value, reason="试一试", expires_at=None, maker_id=maker
        )

    def test_one_person_denies_and_two_forgive(self, maker, checker):
        assert self.add(maker)
        entry = RiskListEntry.objects.latest("pk")
        assert entry.value == "203.0.113.0/24"
        with pytest.raises(AlreadyListed):
            self.add(maker, value="203.0.113.0/24")

        assert not take_off_list(entry_id=entry.pk, reason="核实无误", maker_id=maker)
        entry.refresh_from_db()
        assert entry.expires_at is None
        agree(checker)
        entry.refresh_from_db()
        assert entry.expires_at is not None

    def test_two_people_trust(self, maker, checker):
        assert not self.add(maker, on=RiskList.ALLOW)
        assert not RiskListEntry.objects.filter(list="ALLOW").exists()
        agree(checker)
        assert RiskListEntry.objects.get(list="ALLOW").value == "203.0.113.0/24"

    def test_what_is_no_network_is_refused(self, maker):
        with pytest.raises(NotANetwork):
            self.add(maker, value="anywhere")
