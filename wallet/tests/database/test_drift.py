"""The books contradict themselves: it is told once, money stops, and moves again only when they agree."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from wallet.errors import LedgerStillBroken
from wallet.models import CheckState, Journal, LedgerCheck, LedgerFinding
from wallet.selectors.ledger_checks import open_findings
from wallet.services import ledger_checks
from wallet.services.integrity import Position, check_ledger
from wallet.services.ledger_checks import (
    acknowledge_finding,
    position_of_journal,
    request_full_check,
    run_check_since,
    run_full_check,
)
from wallet.tasks import check_ledger_since
from wallet.tests.factories import account_of, make_wallet, seal_everything
from wallet.tests.tampering import tampered
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock, context
from wallet_project.kit.models import Job, StoredEvent
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.models import Flow, Pause
from wallet_project.pauses.selectors import open_pauses
from wallet_project.pauses.services import lift_pause, propose_lift, require_going

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]

RICHER = ["UPDATE wallet_ledgeraccount SET balance = balance + 1 WHERE id = %(account)s"]
OTHER_AMOUNT = ["UPDATE wallet_entry SET amount = amount + 1 WHERE account_id = %(account)s"]


@pytest.fixture
def town(committed_db):
    """A customer with a history that the last check has not seen."""
    run_full_check()
    wallet = make_wallet(principal=1_000)
    return {"account": account_of(wallet).pk, "journal": Journal.objects.latest("pk").pk}


@pytest.fixture(autouse=True)
def _sound_and_moving_afterwards(committed_db):
    yield
    run_full_check()
    if pause := open_pauses().first():
        with transaction.atomic():
            lift_pause(pause_id=pause.pk, reason="演练结束", checker_id=0)


def names():
    return {finding.name for finding in open_findings()}


def broken_runs():
    return LedgerCheck.objects.filter(state=CheckState.BROKEN)


@pytest.mark.parametrize("check", [run_full_check, run_check_since], ids=["everything", "what is new"])
def test_drift_stops_money_within_the_check_that_finds_it(check, town, owner_cursor):
    before = broken_runs().count()

    with tampered(owner_cursor, RICHER, town):
        check()

    with pytest.raises(Paused):
        require_going(Flow.MONEY)
    pause = open_pauses().first()
    assert (pause.cause, pause.raised_by) == ("drift", "system")
    assert "试算平衡" in pause.reason
    assert names() == {"balance_is_of_last_entry", "trial_balance"}
    alert = open_findings().get(name="balance_is_of_last_entry")
    assert (alert.count, alert.examples) == (1, [str(town["account"])])
    assert broken_runs().count() == before + 1
    run = broken_runs().latest("pk")
    assert (run.broken, alert.found_by) == (2, run)
    told = StoredEvent.objects.filter(name="wallet.ledger.drifted", payload__check_id=run.pk)
    assert set(told.get().payload["sentences"]) == names()


def test_what_is_known_is_not_told_again(town, owner_cursor, caplog):
    with tampered(owner_cursor, RICHER, town):
        run_check_since()
        first = set(open_findings().values_list("pk", "found_at"))
        events = StoredEvent.objects.filter(name="wallet.ledger.drifted").count()
        caplog.clear()
        run_full_check()
        check_ledger_since()

    assert set(open_findings().values_list("pk", "found_at")) == first
    assert StoredEvent.objects.filter(name="wallet.ledger.drifted").count() == events
    assert Pause.objects.filter(lifted_at=None).count() == 1
    assert {record.levelname for record in caplog.records if record.message == "wallet.ledger.broken"} == {
        "WARNING"
    }


def test_an_alert_is_open_until_a_full_check_finds_it_whole(town, owner_cursor):
    with tampered(owner_cursor, RICHER, town):
        run_full_check()

    run_check_since()
    assert names()
    run_full_check()
    assert names() == set()

    with tampered(owner_cursor, OTHER_AMOUNT, town):
        run_full_check()
    assert "journal_balances" in names()
    assert LedgerFinding.objects.filter(name="entries_follow", settled_at=None).count() == 1


def test_a_check_that_began_before_does_not_settle_what_another_one_saw(town, owner_cursor, monkeypatch):
    def meanwhile(**_range):
        """Somebody tampers after this check has looked, and a faster one sees it."""
        monkeypatch.setattr(ledger_checks, "check_ledger", check_ledger)
        report = check_ledger()
        with tampered(owner_cursor, RICHER, town):
            run_check_since()
        return report

    monkeypatch.setattr(ledger_checks, "check_ledger", meanwhile)
    run_full_check()

    assert "trial_balance" in names()


def test_money_moves_again_by_two_people_and_a_sound_ledger(town, owner_cursor):
    chen, zhou = (User.objects.create(is_staff=True, is_superuser=True) for _ in range(2))
    with tampered(owner_cursor, RICHER, town):
        run_full_check()
    pause = open_pauses().first()

    with pytest.raises(LedgerStillBroken):
        propose_lift(pause_id=pause.pk, reason="已修复", maker_id=chen.pk)
    run_full_check()
    propose_lift(pause_id=pause.pk, reason="已修复", maker_id=chen.pk)
    proposal = Proposal.objects.get(subject=f"pause:{pause.pk}")
    with tampered(owner_cursor, RICHER, town):
        run_check_since(position_of_journal(town["journal"]))
    with pytest.raises(LedgerStillBroken):
        approve(proposal_id=proposal.pk, checker_id=zhou.pk)
    with pytest.raises(Paused):
        require_going(Flow.MONEY)

    run_full_check()
    approve(proposal_id=proposal.pk, checker_id=zhou.pk)
    require_going(Flow.MONEY)


def test_an_alert_is_acknowledged_with_a_note_and_stays_open(town, owner_cursor):
    with tampered(owner_cursor, RICHER, town):
        run_full_check()
    alert = open_findings().first()

    with context.acting(actor="staff:3"):
        acknowledge_finding(finding_id=alert.pk, note="数据库管理员正在恢复")

    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.note) == ("staff:3", "数据库管理员正在恢复")
    assert alert.settled_at is None


def test_every_check_begins_where_the_last_one_ended(town):
    run_check_since()
    first = LedgerCheck.objects.latest("pk")
    make_wallet(principal=5)
    run_check_since()
    second = LedgerCheck.objects.latest("pk")
    run_check_since(Position(transaction=2**62, event=0))
    third = LedgerCheck.objects.latest("pk")

    assert first.state == second.state == CheckState.SOUND
    assert (first.to_xid, first.to_event) == (second.from_xid, second.from_event)
    assert second.to_xid == third.from_xid
    assert second.journals >= 1


def test_a_check_that_does_not_end_says_so(monkeypatch):
    monkeypatch.setattr(ledger_checks, "check_ledger", lambda **_range: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        run_full_check()

    run = LedgerCheck.objects.latest("pk")
    assert (run.state, run.error, run.to_xid) == (CheckState.FAILED, "ZeroDivisionError", None)
    monkeypatch.undo()
    LedgerCheck.objects.filter(pk=run.pk).update(
        state=CheckState.RUNNING, started_at=clock.now() - timedelta(hours=1)
    )
    run_check_since()
    run.refresh_from_db()
    assert run.state == CheckState.FAILED


def test_what_staff_ask_for_is_run_once_by_a_worker(outbox):
    with context.acting(actor="staff:3"):
        check = request_full_check()
    assert check.state == CheckState.WAITING
    job = Job.objects.get(task="wallet.run_ledger_check", arguments={"check_id": check.pk})

    outbox.deliver()
    ledger_checks.run_requested_check(check_id=check.pk)

    check.refresh_from_db()
    assert (check.state, check.asked_by, check.kind) == (CheckState.SOUND, "staff:3", "full")
    assert not Job.objects.filter(pk=job.pk).exists()


def command(**options):
    out = StringIO()
    try:
        call_command("check_ledger", stdout=out, **options)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_the_command_says_what_is_broken_fails_and_stops_money(town, owner_cursor):
    with tampered(owner_cursor, RICHER, town):
        said, failed = command()

    assert f"✗ an account's balance is that of its last entry: 1 do not ({town['account']})" in said
    assert "✓ no account is overdrawn" in said
    assert failed == "the ledger is broken in 2 ways"
    assert open_pauses().first()


def test_the_command_looks_at_what_came_since_a_point(town):
    whole, failed = command()
    assert failed == ""
    assert "for a moment of the past" in whole
    runs = LedgerCheck.objects.count()

    today = clock.business_day(clock.now()).isoformat()
    for since in ("last", str(town["journal"]), today, f"{today}T00:00:00+08:00"):
        said, failed = command(since=since)
        assert failed == "", since
        assert "✓ no account is overdrawn" in said
        assert "for a moment of the past" not in said
    assert LedgerCheck.objects.filter(kind="since").count() >= 4
    assert LedgerCheck.objects.count() == runs + 4
    for nonsense in ("yesterday", "2026-13-01", "9" * 15, "-1"):
        _said, failed = command(since=nonsense)
        assert failed, nonsense


def test_a_chain_rebuilt_from_the_start_does_not_contain_what_was_published(town, owner_cursor):
    seal_everything()
    run_full_check()
    published = LedgerCheck.objects.latest("pk").head
    assert command(head=published)[1] == ""
    rebuild = [
        "UPDATE wallet_journal SET reference = 'D9' WHERE id = %(journal)s",
        "DELETE FROM wallet_seal",
        "SELECT ledger_seal(1000000)",
    ]

    with tampered(owner_cursor, rebuild, town):
        everything = check_ledger()
        lately = check_ledger(since=position_of_journal(town["journal"]))
        said, failed = command(head=published)

    for report in (everything, lately):
        assert [finding.name for finding in report.findings] == ["heads_are_kept"]
    assert f"✗ the head {published} is not in the chain of seals" in said
    assert failed == "the ledger is broken in 2 ways"
