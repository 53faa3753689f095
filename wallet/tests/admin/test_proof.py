"""Proofs, alerts, the pause: what finance and risk see and do in the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.services.staff import hire
from wallet.models import LedgerCheck, LedgerFinding
from wallet.rules import chart
from wallet.selectors.journal import trial_balance
from wallet.services.holds import place_hold
from wallet.services.integrity import SENTENCES
from wallet.services.ledger_checks import run_check_since, run_full_check
from wallet.tests.factories import fill, make_wallet, new_key
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.kit.models import Job
from wallet_project.pauses.models import Flow, Pause, PauseCause
from wallet_project.pauses.selectors import is_paused, open_pauses
from wallet_project.pauses.services import pause_flow, trip
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

REASON = {"_form_submitted": "True", "reason": "支付通道异常"}
STOP = {**REASON, "flow": "money"}


@pytest.fixture
def log_in(client):
    """Sit down at the desk in this role."""

    def sit(role, name="li"):
        staff, _password = hire(
            username=name, name=name, employee_no=f"E-{name}", password="three unusual words"
        )
        staff.groups.add(make_groups()[role])
        client.force_login(staff)
        return client

    return sit


@pytest.fixture
def finding():
    """An open alert, as a check would have raised it."""
    now = clock.now()
    check = LedgerCheck.objects.create(
        kind="full",
        state="BROKEN",
        asked_by="system",
        asked_at=now,
        started_at=now,
        finished_at=now + timedelta(seconds=1.5),
        to_xid=1,
        asked=len(SENTENCES),
        broken=1,
        found=[{"name": "trial_balance", "count": 1, "examples": ["1"]}],
    )
    return LedgerFinding.objects.create(
        name="trial_balance",
        count=1,
        examples=["1"],
        found_by=check,
        found_at=now,
        seen_by=check,
        seen_at=now,
    )


def page(desk, row):
    answer = desk.get(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def named(name, *args):
    app = "pauses" if name.startswith("pause_") else "wallet"
    return reverse(f"admin:{app}_{name}", args=args)


@pytest.mark.parametrize("role", ["财务", "风控"])
def test_one_of_finance_or_risk_stops_money_and_another_lets_it_go_on(log_in, role):
    desk = log_in(role)
    assert "立即暂停" in desk.get(named("pause_changelist")).content.decode()

    desk.post(named("pause_pause"), {**STOP, "reason": ""})
    assert not is_paused(Flow.MONEY)
    desk.post(named("pause_pause"), STOP)

    pause = open_pauses().first()
    li = User.objects.get(username="li")
    assert (pause.cause, pause.reason, pause.raised_by) == ("staff", "支付通道异常", f"staff:{li.pk}")
    shown = page(desk, pause)
    assert "员工 li" in shown
    assert "暂停中" in shown
    home = desk.get("/admin/").content.decode()
    assert "全部资金业务暂停中" in home
    assert named("pause_change", pause.pk) in home
    assert "这项业务已经暂停" in desk.post(named("pause_pause"), STOP, follow=True).content.decode()

    desk.post(named("pause_ask_to_lift", pause.pk), {**REASON, "reason": "通道已恢复"})
    assert is_paused(Flow.MONEY)
    proposal = Proposal.objects.get(subject=f"pause:{pause.pk}")
    desk = log_in("财务", "zhou")
    zhou = User.objects.get(username="zhou")
    assert "恢复业务" in desk.get(reverse("admin:approvals_proposal_changelist")).content.decode()
    approve(proposal_id=proposal.pk, checker_id=zhou.pk)

    assert not is_paused(Flow.MONEY)
    shown = page(desk, Pause.objects.get(pk=pause.pk))
    assert "员工 zhou" in shown
    assert "已恢复" in shown
    assert "全部资金业务暂停中" not in desk.get("/admin/").content.decode()


@pytest.mark.parametrize("role", ["客服", "运营", "管理员", "审计"])
def test_nobody_else_does_and_everybody_at_the_desk_knows(log_in, role, finding):
    desk = log_in(role)
    assert desk.post(named("pause_pause"), STOP).status_code == 403
    assert desk.post(named("ledgercheck_check_now"), {"_form_submitted": "True"}).status_code == 403
    assert desk.post(named("ledgerfinding_acknowledge", finding.pk), REASON).status_code == 403

    pause = pause_flow(flow=Flow.MONEY, reason="支付通道异常")

    assert desk.post(named("pause_ask_to_lift", pause.pk), REASON).status_code == 403
    assert not Proposal.objects.filter(subject=f"pause:{pause.pk}").exists()
    assert "全部资金业务暂停中" in desk.get("/admin/").content.decode()


def test_lifting_is_not_even_proposed_while_an_alert_is_open(log_in, finding):
    trip(flow=Flow.MONEY, reason="试算不平衡", cause=PauseCause.DRIFT)
    desk = log_in("风控")

    answer = desk.post(named("pause_ask_to_lift", open_pauses().first().pk), REASON, follow=True)

    assert "账簿核对仍有不符" in answer.content.decode()
    assert not Proposal.objects.filter(kind="pauses.lift", state="OPEN").exists()


def test_an_alert_says_in_chinese_what_does_not_hold_and_is_acknowledged(log_in, finding):
    desk = log_in("财务")
    for shown in (page(desk, finding), desk.get(named("ledgerfinding_changelist")).content.decode()):
        assert "试算平衡：每个账簿的余额合计为零" in shown
        assert "不符" in shown

    desk.post(named("ledgerfinding_acknowledge", finding.pk), {**REASON, "reason": "正在恢复数据库"})

    finding.refresh_from_db()
    assert finding.note == "正在恢复数据库"
    shown = page(desk, finding)
    assert "员工 li" in shown
    again = {**REASON, "reason": "换了一种说法"}
    assert desk.post(named("ledgerfinding_acknowledge", finding.pk), again).status_code == 403


def test_a_check_shows_its_result_its_duration_and_what_it_found(log_in, finding):
    desk = log_in("财务")

    for shown in (
        page(desk, finding.found_by),
        desk.get(named("ledgercheck_changelist")).content.decode(),
    ):
        assert "1 项不符" in shown
        assert "1.5 秒" in shown
    assert "试算平衡：每个账簿的余额合计为零" in page(desk, finding.found_by)

    run_full_check()
    run_check_since()
    sound = LedgerCheck.objects.filter(state="SOUND").order_by("pk")
    assert f"{len(SENTENCES)} 项，全部相符" in page(desk, sound[0])
    assert "增量" in page(desk, sound[1])


def test_a_check_is_asked_for_and_queued(log_in):
    desk = log_in("财务")

    answer = desk.post(named("ledgercheck_check_now"), {"_form_submitted": "True"}, follow=True)

    check = LedgerCheck.objects.latest("pk")
    assert (check.state, check.kind) == ("WAITING", "full")
    assert check.asked_by == f"staff:{User.objects.get(username='li').pk}"
    assert Job.objects.filter(task="wallet.run_ledger_check", arguments={"check_id": check.pk}).exists()
    assert "排队中" in answer.content.decode()


def test_what_is_asked_is_listed_with_what_does_not_hold(log_in, finding):
    desk = log_in("财务")

    rows = desk.get(named("ledgercheck_show_sentences")).context["table"]["rows"]

    assert [row[0] for row in rows] == [sentence.words for sentence in SENTENCES]
    shown = {row[0]: str(row[2]) for row in rows}
    assert "1 处不符" in shown["试算平衡：每个账簿的余额合计为零"]
    assert "相符" in shown["没有账户透支"]


def test_the_chart_says_what_each_account_is_for(log_in):
    desk = log_in("财务")

    rows = desk.get(named("ledgeraccount_show_chart")).context["table"]["rows"]

    assert len(rows) == len(chart.BY_CODE)
    assert all(row.means for row in chart.BY_CODE.values())
    assert ["1", "微信待结算", "微信替我们收着、尚未结算到银行的钱", "借方", 16, "可以"] in rows


def test_the_trial_balance_of_the_past_is_what_it_was(log_in):
    wallet = make_wallet(principal=1_000)
    place_hold(wallet_id=wallet.pk, amount=300, key=new_key("hold"), reference="D1")
    then = clock.now()
    before = trial_balance()
    make_wallet(principal=77, bonus=5)
    fill(wallet, principal=50, cashback=1)

    past, now = trial_balance(then), trial_balance()

    assert [(row.code, row.balance, row.held) for row in past] == [
        (row.code, row.balance, row.held) for row in before
    ]
    assert 0 < sum(row.accounts for row in past) < sum(row.accounts for row in trial_balance(clock.now()))
    assert now != before
    for rows in (past, now):
        credits = sum(row.balance for row in rows if row.side is chart.Side.CREDIT)
        assert credits == sum(row.balance for row in rows if row.side is chart.Side.DEBIT) != 0
    assert all(row.balance == row.held == row.accounts == 0 for row in trial_balance(then.replace(year=2000)))

    desk = log_in("财务")
    local = then.astimezone(clock.SHANGHAI).replace(year=2000)
    shown = desk.get(named("ledgeraccount_show_trial_balance"), {"at": local.strftime("%Y-%m-%dT%H:%M")})
    assert "截至 2000" in shown.content.decode()
    assert {row[4] for row in shown.context["table"]["rows"][:-1]} == {0}
    for nonsense in ("yesterday", "2026-13-01T00:00", "0000-00-00", "9" * 99, "2026-01-01T00:00\x00"):
        shown = desk.get(named("ledgeraccount_show_trial_balance"), {"at": nonsense})
        assert shown.status_code == 200
        assert "借贷平衡" in shown.content.decode()
