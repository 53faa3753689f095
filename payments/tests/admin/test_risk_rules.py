"""Rules at the desk: let rest at once, again only by two, and offered what their state allows."""

import pytest
from django.urls import reverse

from payments.models import RiskRule
from payments.tests.factories import risk_rule
from wallet_project.approvals.models import Proposal
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


def act_on(rule: RiskRule, act: str) -> str:
    return reverse(f"admin:payments_riskrule_{act}", args=[rule.pk])


def test_a_rule_rests_at_once_and_a_second_time_when_another_agrees(log_in):
    rule, desk = risk_rule("mild"), log_in("风控")
    rest = {"_form_submitted": "on", "hours": "2", "reason": "误报太多，先停一停"}

    desk.post(act_on(rule, "snooze"), rest)
    rule.refresh_from_db()
    until = rule.snoozed_until
    desk.post(act_on(rule, "snooze"), rest | {"hours": "9"})

    assert until > clock.now()
    rule.refresh_from_db()
    assert rule.snoozed_until == until
    assert Proposal.objects.get().facts["hours"] == 9


def test_a_live_rule_is_offered_its_end_and_neither_a_shadow_nor_to_go_live(log_in):
    rule, desk = risk_rule("mild"), log_in("风控")

    page = desk.get(reverse("admin:payments_riskrule_change", args=[rule.pk])).content.decode()

    assert act_on(rule, "retire") in page
    assert act_on(rule, "shadow") not in page
    assert act_on(rule, "propose") not in page
    assert desk.post(act_on(rule, "shadow")).status_code == 403
