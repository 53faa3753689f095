"""Exceptions at the desk: the queue, whose each is, what is done about it, and the rules."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.services.staff import hire
from payments.models import CaseRule, ExceptionCase
from payments.rules.cases import CaseKind
from payments.selectors.case_rules import case_rule
from payments.selectors.cases import case_figures
from payments.services.case_work import assign_case, resolve_by_hand
from payments.tests.factories import exception_case
from wallet_project.approvals.models import Proposal
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

REASON = {"_form_submitted": "True", "reason": "已与微信核实"}


@pytest.fixture
def case():
    """A payment of 7.99 for an order of 8.00, as WeChat's query told it."""
    said = {
        "via": "query",
        "total": 799,
        "currency": "CNY",
        "appid": "wx1",
        "mchid": "19",
        "state": "SUCCESS",
    }
    return exception_case("CURRENCY_MISMATCH", number="P-1", transaction_id="4200", evidence=said)


def at(name, *args):
    return reverse(f"admin:payments_{name}", args=args)


def queue(desk, query=""):
    page = desk.get(at("exceptioncase_changelist") + query)
    assert page.status_code == 200
    return page.content.decode()


def test_finance_takes_finds_out_hands_over_and_ends_it(log_in, case):
    desk = log_in("财务")
    li = User.objects.get(username="li")
    zhou, _password = hire(username="zhou", name="zhou", employee_no="E-z", password="three unusual words")
    first = desk.get(at("exceptioncase_change", case.pk)).content.decode()
    assert all(
        text in first for text in ("微信", "7.99", "主动查询", "CNY", "接手", "处理完毕", "剩 23 小时")
    )
    assert "入账到原订单" not in first

    desk.post(at("exceptioncase_take", case.pk), {"_form_submitted": "True"})
    desk.post(at("exceptioncase_write_note", case.pk), {**REASON, "reason": "已询问微信支付"})
    desk.post(at("exceptioncase_give", case.pk), {"_form_submitted": "True", "assignee": zhou.pk})
    case.refresh_from_db()
    assert case.assignee_id == zhou.pk
    desk.post(at("exceptioncase_settle", case.pk), {**REASON, "reason": ""})
    case.refresh_from_db()
    assert case.state == "OPEN"
    desk.post(at("exceptioncase_settle", case.pk), REASON)

    case.refresh_from_db()
    assert (case.state, case.resolution, case.decided_by) == ("RESOLVED", "已与微信核实", li.pk)
    page = desk.get(at("exceptioncase_change", case.pk)).content.decode()
    trail = ("首次查看异常", "指派异常", "已询问微信支付", "异常已处理", "员工 li")
    assert all(text in page for text in trail)
    assert desk.post(at("exceptioncase_settle", case.pk), REASON).status_code == 403


def test_a_mistyped_address_is_not_found(log_in):
    assert log_in("财务").get(at("exceptioncase_change", "1/nothing")).status_code == 404


def test_whoever_comes_second_from_another_tab_is_told_and_changes_nothing(log_in, case):
    desk = log_in("财务")
    settle = at("exceptioncase_settle", case.pk)
    desk.post(settle, REASON)

    late = desk.post(settle, {**REASON, "reason": "我也来处理一下"}, headers={"HX-Request": "true"})

    assert (late.status_code, late.headers["HX-Refresh"]) == (403, "true")
    case.refresh_from_db()
    assert case.resolution == "已与微信核实"
    assert "刚刚有了变化" in desk.get(at("exceptioncase_change", case.pk)).content.decode()


@pytest.mark.parametrize("role", ["审计", "客服", "运营", "风控"])
def test_others_look_and_leave_no_trace(log_in, case, role):
    desk = log_in(role)

    assert desk.get(at("exceptioncase_change", case.pk)).status_code == 200
    for act in ("settle", "refund", "honour", "write_note"):
        assert desk.post(at(f"exceptioncase_{act}", case.pk), REASON).status_code == 403

    assert not AuditEntry.objects.filter(subject=f"case:{case.pk}").exists()
    case.refresh_from_db()
    assert (case.state, case.seen_at, case.assignee_id) == ("OPEN", None, None)


def test_the_queue_is_narrowed_to_mine_to_nobodys_and_to_what_is_late(log_in):
    desk = log_in("财务")
    li = User.objects.get(username="li")
    mine, late = (
        exception_case("UNKNOWN_REFUND", number="F-mine"),
        exception_case("UNKNOWN_BILL", number="B-late"),
    )
    assign_case(case_id=mine.pk, assignee_id=li.pk)
    ExceptionCase.objects.filter(pk=late.pk).update(due_at=clock.now() - timedelta(hours=3))

    assert ("F-mine" in queue(desk), "逾期 3 小时" in queue(desk)) == (True, True)
    for query, shown, hidden in (
        ("?owner=me", "F-mine", "B-late"),
        ("?owner=nobody", "B-late", "F-mine"),
        (f"?owner={li.pk}", "F-mine", "B-late"),
        ("?open=late", "B-late", "F-mine"),
        ("?kind__exact=UNKNOWN_BILL&open=yes", "B-late", "F-mine"),
    ):
        page = queue(desk, query)
        assert (shown in page, hidden in page) == (True, False), query
    assert "B-late" not in queue(desk, "?owner=;drop")


def test_the_queue_costs_the_same_however_long_it_is(log_in, django_assert_max_num_queries):
    desk = log_in("财务")
    for number in range(12):
        case = exception_case("UNKNOWN_REFUND", number=f"F-{number}")
        assign_case(case_id=case.pk, assignee_id=User.objects.get(username="li").pk)
    queue(desk)

    # session, user, permissions (3), device, count, rows, people, owners to filter by, and the theme's counts
    with django_assert_max_num_queries(18):
        queue(desk)


def test_the_figures_say_what_is_open_late_and_how_fast_it_ends():
    later = clock.now() + timedelta(days=100)  # when nothing else has ended lately

    def of_kind():
        return next((each for each in case_figures(at=later) if each.kind == "UNKNOWN_REFUND"), None)

    before = of_kind()
    cases = [exception_case("UNKNOWN_REFUND", number=f"F-{place}") for place in range(3)]
    for each, took in zip(cases[:2], (timedelta(hours=9), timedelta(hours=1)), strict=True):
        resolve_by_hand(case_id=each.pk, resolution="核实完毕", staff_id=1)
        ExceptionCase.objects.filter(pk=each.pk).update(created_at=later - took, resolved_at=later)
    ExceptionCase.objects.filter(pk=cases[1].pk).update(decided_by=None)

    figures = of_kind()

    was_open = before.open if before else 0
    assert (figures.open, figures.overdue, figures.unowned) == (was_open + 1,) * 3
    assert (figures.closed, figures.automatic, figures.closed_today) == (2, 1, 2)
    assert figures.median == timedelta(hours=5)


def test_the_front_page_shows_what_is_next_and_how_each_kind_stands(log_in, case):
    ExceptionCase.objects.filter(pk=case.pk).update(due_at=clock.now() - timedelta(hours=30))
    page = log_in("财务").get(reverse("case_desk")).content.decode()

    assert all(
        text in page for text in ("异常总览", "逾期 1 天 6 小时", "币种不符", "无人接手", "处理时长中位数")
    )
    assert log_in("管理员", "wang").get(reverse("case_desk")).status_code == 403


TERMS = {"handling": "HAND", "up_to": "", "alone_up_to": "500", "due_hours": 12, "warn_hours": 2}


def test_a_rule_is_proposed_at_the_desk_and_counts_when_another_one_agrees(log_in):
    desk = log_in("财务")
    rule = CaseRule.objects.filter(kind="LATE_PAYMENT").latest("pk")
    begun = desk.get(at("caserule_propose_next", rule.pk), follow=True).content.decode()
    assert "1,000.00" in begun

    refused = desk.post(
        at("caserule_propose"), {**TERMS, "kind": "DOUBLE_PAYMENT", "handling": "HONOUR", **REASON}
    )
    assert "一律不得入账" in refused.content.decode()
    desk.post(at("caserule_propose"), {**TERMS, "kind": "LATE_PAYMENT", **REASON})

    proposal = Proposal.objects.get(subject="case_rule:LATE_PAYMENT", state="OPEN")
    decide = reverse("admin:approvals_proposal_agree", args=[proposal.pk])
    assert desk.post(decide, REASON).status_code == 403
    assert case_rule(CaseKind.LATE_PAYMENT, at=clock.now()).handling == "REFUND"
    other = log_in("风控", "zhou")
    page = other.get(reverse("admin:approvals_proposal_change", args=[proposal.pk])).content.decode()
    assert all(text in page for text in ("关单后到账", "自动原路退回 → 人工处理", "500.00"))
    other.post(decide, REASON)

    now = case_rule(CaseKind.LATE_PAYMENT, at=clock.now())
    assert (now.handling, now.alone_up_to, now.due_hours) == ("HAND", 500_00, 12)
    assert "现行" in other.get(at("caserule_changelist")).content.decode()


@pytest.mark.parametrize("role", ["审计", "客服", "运营", "风控", "管理员"])
def test_who_handles_no_money_proposes_no_rule(log_in, role):
    answer = log_in(role).post(at("caserule_propose"), {**TERMS, "kind": "LATE_PAYMENT", **REASON})

    assert answer.status_code == 403
    assert not Proposal.objects.filter(kind="payments.case_rule").exists()
