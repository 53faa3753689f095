"""
Prove the books, keep the proof, and stop all money when they contradict themselves.

A sentence that does not hold is one alert from the check that first found it until a full check, begun after
it was last seen, finds it whole again.
"""

import logging
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction

from wallet.errors import LedgerStillBroken
from wallet.events import LedgerDrifted
from wallet.models import CheckKind, CheckState, HoldEvent, Journal, LedgerCheck, LedgerFinding
from wallet.selectors.ledger_checks import last_check, open_findings
from wallet.services.integrity import BY_NAME, LedgerReport, Position, check_ledger
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock, context
from wallet_project.kit.db import lock_number
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import after_commit
from wallet_project.pauses.models import Flow, PauseCause
from wallet_project.pauses.services import trip

logger = logging.getLogger(__name__)

BEGINNING = Position(transaction=0, event=0)
_ONE_AT_A_TIME = 726_358  # the advisory lock of whoever writes down what was found
_LONGEST = timedelta(minutes=15)  # after which a check that still runs has died
_OVERLAP = timedelta(minutes=1)  # transactions that ran side by side


def run_full_check() -> LedgerReport:
    """Recompute the whole ledger, now."""
    return _run(_ask(kind=CheckKind.FULL, since=BEGINNING))


def run_check_since(position: Position | None = None) -> LedgerReport:
    """
    Look at what was posted since `position`, and at the accounts that it touched; by default since the last
    check. Nothing is ever left out: a position that is farther than any check has looked is not taken.
    """
    farthest = _looked_up_to()
    if position is None or position.transaction > farthest.transaction:
        position = farthest
    return _run(_ask(kind=CheckKind.SINCE, since=position))


def request_full_check() -> LedgerCheck:
    """A member of staff wants to know now: a worker looks at once."""
    with transaction.atomic():
        check = _ask(kind=CheckKind.FULL, since=BEGINNING)
        after_commit("wallet.run_ledger_check", check_id=check.pk)
        record_audit(action="wallet.ledger.check_asked", subject=f"ledger_check:{check.pk}", facts={})
    return check


def run_requested_check(*, check_id: int) -> None:
    """Run a check that was asked for; does nothing when it is running or done."""
    check = LedgerCheck.objects.get(pk=check_id)
    if check.state == CheckState.WAITING:
        _run(check)


def position_of_journal(journal_id: int) -> Position:
    """
    Just before a journal.

    :raises Journal.DoesNotExist: there is none
    """
    journal = Journal.objects.get(pk=journal_id)
    return Position(transaction=journal.xid, event=_events_before(journal.at))


def position_at(moment: datetime) -> Position:
    """Before everything that was posted from a moment on; a little of what came before is included."""
    # From the newest backwards: whoever asks for a moment asks for a late one.
    earlier = Journal.objects.filter(at__lt=moment - _OVERLAP).order_by("-pk")
    found = earlier.values_list("xid", flat=True).first()
    return Position(transaction=found, event=_events_before(moment)) if found else BEGINNING


def acknowledge_finding(*, finding_id: int, note: str) -> None:
    """Somebody has seen an alert and says what they do about it. Money stands still as before."""
    with transaction.atomic():
        finding = LedgerFinding.objects.select_for_update(no_key=True).get(pk=finding_id)
        finding.acknowledged_at, finding.acknowledged_by = clock.now(), context.current().actor
        finding.note = note
        finding.save(update_fields=["acknowledged_at", "acknowledged_by", "note"])
        record_audit(
            action="wallet.ledger.acknowledged",
            subject=f"ledger_finding:{finding_id}",
            facts={"what": finding.name, "remark": note},
        )


def require_sound_ledger(*, flow: Flow) -> None:
    """
    Called before money may move again.

    :raises LedgerStillBroken: a check found the ledger broken, and no full one has found it sound since
    """
    if flow == Flow.MONEY and (broken := list(open_findings().values_list("name", flat=True))):
        raise LedgerStillBroken(sentences=broken)


def _looked_up_to() -> Position:
    last = last_check()
    return Position(transaction=last.to_xid or 0, event=last.to_event or 0) if last else BEGINNING


def _events_before(moment: datetime) -> int:
    earlier = HoldEvent.objects.filter(at__lt=moment - _OVERLAP).order_by("-pk")
    return earlier.values_list("pk", flat=True).first() or 0


def _ask(*, kind: CheckKind, since: Position) -> LedgerCheck:
    return LedgerCheck.objects.create(
        kind=kind,
        asked_by=context.current().actor,
        asked_at=clock.now(),
        from_xid=since.transaction,
        from_event=since.event,
    )


def _run(check: LedgerCheck) -> LedgerReport:
    began = _begin(check)
    since = None
    if check.kind == CheckKind.SINCE:
        since = Position(transaction=check.from_xid, event=check.from_event)
    try:
        report = check_ledger(since=since)
    except Exception as error:
        _end(check, CheckState.FAILED, error=type(error).__name__)
        raise
    with transaction.atomic():
        _keep(check, report, began=began)
    logger.info(
        "wallet.ledger.checked",
        extra={"check_id": check.pk, "kind": check.kind, "journals": report.journals, "head": report.head},
    )
    return report


def _begin(check: LedgerCheck) -> datetime:
    now = clock.now()
    dead = LedgerCheck.objects.filter(state=CheckState.RUNNING, started_at__lt=now - _LONGEST)
    dead.update(state=CheckState.FAILED, finished_at=now, error="中断")
    check.state, check.started_at = CheckState.RUNNING, now
    check.save(update_fields=["state", "started_at"])
    return now


def _end(check: LedgerCheck, state: CheckState, **learnt: object) -> None:
    check.state, check.finished_at = state, clock.now()
    for name, value in learnt.items():
        setattr(check, name, value)
    check.save(update_fields=["state", "finished_at", *learnt])


def _keep(check: LedgerCheck, report: LedgerReport, *, began: datetime) -> None:
    lock_number(_ONE_AT_A_TIME)
    _end(
        check,
        CheckState.BROKEN if report.findings else CheckState.SOUND,
        to_xid=report.upto.transaction,
        to_event=report.upto.event,
        journals=report.journals,
        entries=report.entries,
        asked=len(report.holds_true) + len(report.findings),
        broken=len(report.findings),
        found=[asdict(finding) for finding in report.findings],
        head=report.head,
    )
    new = _raise_alerts(check, report, began=began)
    if check.kind == CheckKind.FULL:
        _settle_alerts(report, began=began)
    if new:
        publish(LedgerDrifted(check_id=check.pk, sentences=new))
    if report.findings:
        words = "；".join(BY_NAME[finding.name].words for finding in report.findings)
        trip(flow=Flow.MONEY, reason=f"{check} 不符：{words}"[:200], cause=PauseCause.DRIFT)


def _raise_alerts(check: LedgerCheck, report: LedgerReport, *, began: datetime) -> list[str]:
    """One for each sentence that does not hold; the names of those that are new."""
    known = {alert.name: alert for alert in open_findings()}
    for broken in report.findings:
        alert = known.get(broken.name) or LedgerFinding(name=broken.name, found_by=check, found_at=began)
        alert.count, alert.examples = broken.count, broken.examples
        alert.seen_by, alert.seen_at = check, began
        alert.save()
        logger.log(
            logging.WARNING if broken.name in known else logging.CRITICAL,
            "wallet.ledger.broken",
            extra={"sentence": broken.sentence, "count": broken.count, "examples": broken.examples},
        )
    return [broken.name for broken in report.findings if broken.name not in known]


def _settle_alerts(report: LedgerReport, *, began: datetime) -> None:
    """What another check saw after this one began stays: it may have happened behind its back."""
    broken = [finding.name for finding in report.findings]
    open_findings().exclude(name__in=broken).filter(seen_at__lt=began).update(settled_at=clock.now())
