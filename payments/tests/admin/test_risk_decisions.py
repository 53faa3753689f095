"""Decisions as risk control reads them."""

import pytest
from django.contrib import admin

from accounts.rules.screening import Cause, Outcome
from payments.admin.aml import AmlFindingAdmin
from payments.admin.risk_cases import RiskDecisionAdmin
from payments.models import AmlFinding, RiskDecision
from payments.tests.factories import aml_finding, staff_member
from wallet.tests.dealings import somebody


def test_what_was_let_through_told_the_customer_nothing():
    page = RiskDecisionAdmin(RiskDecision, admin.site)
    let_through, stopped = (
        RiskDecision(outcome=outcome, cause=Cause.ACCOUNT) for outcome in (Outcome.ALLOW, Outcome.DENY)
    )

    assert page.shown_cause(let_through) == "—"
    assert page.shown_cause(stopped) == Cause.ACCOUNT.label


def test_a_yes_is_a_word():
    facts = {"is_round": True, "operation": "wallet.withdraw"}
    shown = RiskDecisionAdmin(RiskDecision, admin.site).shown_facts(RiskDecision(facts=facts))

    assert "是" in shown.replace("金额是整百元", "")
    assert "True" not in shown
    assert "wallet.withdraw" not in shown  # the page says 提现 above


@pytest.mark.django_db
def test_a_finding_is_decided_once(rf):
    finding, page, request = (
        aml_finding(somebody().user),
        AmlFindingAdmin(AmlFinding, admin.site),
        rf.get("/"),
    )
    request.user = staff_member()
    request.user.is_superuser = True
    assert page.has_decide_permission(request, str(finding.pk))

    AmlFinding.objects.filter(pk=finding.pk).update(
        state="DISMISSED", decided_at=finding.found_at, note="工资"
    )

    assert not page.has_decide_permission(request, str(finding.pk))
    assert page.has_decide_permission(request)  # to take findings along
