"""A day and its differences at the desk: finance works on them, auditors look, nobody else does."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.urls import reverse

from accounts.models import User
from payments.models import BillFile, CloseItem, DailyClose, Difference
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.kit.models import Job

pytestmark = pytest.mark.django_db

REASON = {"_form_submitted": "True", "reason": "商户平台测试订单"}
DAY = clock.business_day(clock.now()) - timedelta(days=50)


@pytest.fixture
def difference():
    """A payment of 12.34 that only WeChat has, on a day without any other."""
    now = clock.now()
    close = DailyClose.objects.create(
        day=DAY,
        state="DIFFERENT",
        opening=500,
        closing=500,
        unexplained=1234,
        open_differences=1,
        matched_at=now,
    )
    for kind in BillFile.Kind:
        BillFile.objects.create(close=close, kind=kind, state="STAGED", rows=1, fetched_at=now)
    CloseItem.objects.create(
        close=close,
        kind="payment",
        external_id="4200001",
        number="=GHOST",
        trade_amount=1234,
        fund_amount=1234,
        outcome="PAID_OURS_MISSING",
    )
    return Difference.objects.create(
        close=close,
        subject="payment:4200001",
        bucket="PAID_OURS_MISSING",
        number="=GHOST",
        amount=1234,
        evidence={"trade": 1234, "fund": 1234, "ledger": None, "fee": 0, "state": "SUCCESS"},
        due_at=now - timedelta(hours=1),
    )


def named(name, *args):
    return reverse(f"admin:payments_{name}", args=args)


def shown(desk, name, *args):
    answer = desk.get(named(name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_finance_finds_out_explains_and_closes_with_a_second_person(log_in, difference):
    desk = log_in("财务")
    li, close = User.objects.get(username="li"), difference.close
    queue = shown(desk, "difference_changelist")
    assert all(text in queue for text in ("微信已付，我方无账", "12.34", "已逾期", "财务"))
    assert "12.34" in desk.get(named("difference_changelist") + f"?close__day={DAY}").content.decode()
    assert "=GHOST" not in desk.get(named("difference_changelist") + "?open=no").content.decode()
    day = shown(desk, "dailyclose_change", close.pk)
    assert all(text in day for text in ("1 条，1 条逾期", "期末待结算", "交易账单", "微信已付，我方无账"))

    desk.post(named("dailyclose_sign", close.pk), REASON)
    assert not Proposal.objects.filter(kind="payments.daily_close").exists()
    desk.post(named("difference_give", difference.pk), {"_form_submitted": "True", "assignee": li.pk})
    desk.post(named("difference_write_note", difference.pk), {**REASON, "reason": "已询问微信支付"})
    desk.post(named("difference_settle", difference.pk), {**REASON, "reason": ""})
    difference.refresh_from_db()
    assert (difference.assignee_id, difference.ended) == (li.pk, "")
    desk.post(named("difference_settle", difference.pk), REASON)

    difference.refresh_from_db()
    assert (difference.ended, difference.resolution, difference.ended_by) == (
        "RESOLVED",
        "商户平台测试订单",
        li.pk,
    )
    page = shown(desk, "difference_change", difference.pk)
    assert all(text in page for text in ("已询问微信支付", "指派对账差异", "员工 li"))
    desk.post(named("dailyclose_sign", close.pk), REASON)
    proposal = Proposal.objects.get(kind="payments.daily_close")
    desk = log_in("财务", "zhou")
    waiting = desk.get(reverse("admin:approvals_proposal_change", args=[proposal.pk])).content.decode()
    assert all(text in waiting for text in (str(DAY), "1 条", "批准并执行"))
    approve(proposal_id=proposal.pk, checker_id=User.objects.get(username="zhou").pk)

    day = shown(desk, "dailyclose_change", close.pk)
    assert "已日结" in day
    for act in ("sign", "compare", "fetch_again"):
        assert desk.post(named(f"dailyclose_{act}", close.pk), REASON).status_code == 403


def test_the_report_says_the_same_on_paper_and_in_a_workbook_and_executes_nothing(log_in, difference):
    desk = log_in("审计")

    paper = desk.get(named("dailyclose_as_pdf", difference.close_id))
    book = desk.get(named("dailyclose_as_xlsx", difference.close_id))

    assert paper.content.startswith(b"%PDF-")
    assert paper["Content-Disposition"] == f'attachment; filename="daily-close-{DAY}.pdf"'
    inside = ZipFile(io.BytesIO(book.content))
    sheets = [inside.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2, 3)]
    assert "<f>" not in "".join(sheets)
    assert "=GHOST" in sheets[1]
    assert "4200001" in sheets[2]
    assert "<v>12.34</v>" in sheets[1]
    assert DailyClose.objects.get(pk=difference.close_id).wechat_balance is None
    assert "微信账户结余" not in sheets[0], "a balance that nobody told"


def test_a_day_is_compared_and_fetched_again_by_a_worker(log_in, difference):
    desk, close = log_in("财务"), difference.close

    desk.post(named("dailyclose_compare", close.pk), {"_form_submitted": "True"})
    assert Job.objects.get(task="payments.reconcile_day").arguments == {"day": str(DAY)}
    desk.post(named("dailyclose_fetch_again", close.pk), {"_form_submitted": "True"})

    close.refresh_from_db()
    assert (close.state, set(close.files.values_list("state", flat=True))) == ("WAITING", {"WAITING"})
    assert Job.objects.filter(task="payments.reconcile_day").count() == 2


@pytest.mark.parametrize("role", ["审计", "风控", "客服", "运营", "管理员"])
def test_others_sign_and_compare_nothing(log_in, difference, role):
    desk, close = log_in(role), difference.close

    for act in ("sign", "compare", "fetch_again"):
        assert desk.post(named(f"dailyclose_{act}", close.pk), REASON).status_code == 403
    may_explain = role == "风控"
    answer = desk.post(named("difference_settle", difference.pk), REASON)
    assert (answer.status_code == 403) is not may_explain
    sees = role in {"审计", "风控"}
    assert (desk.get(named("dailyclose_as_pdf", close.pk)).status_code == 200) is sees
    assert not Proposal.objects.filter(kind="payments.daily_close").exists()
    close.refresh_from_db()
    assert close.state == ("MATCHED" if may_explain else "DIFFERENT")
