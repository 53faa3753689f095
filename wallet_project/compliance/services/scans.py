"""Take a scanner's report in; accept what it found for a while."""

import hashlib
import json
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from wallet_project.audit.services import record_audit
from wallet_project.compliance.errors import AcceptanceTooLong, ReportUnreadable
from wallet_project.compliance.models import Finding, FindingState, ScanReport
from wallet_project.compliance.rules.scans import Observation, Reading, Tool, Unreadable, read_report
from wallet_project.kit import clock
from wallet_project.settings.env import BASE_DIR

LARGEST = 2 * 1024 * 1024
LONGEST_ACCEPTANCE = timedelta(days=365)
_IMPORTER = 726_356  # the advisory lock of whoever imports


def import_report(*, tool: Tool, raw: bytes, file_name: str, by_id: int | None) -> ScanReport:
    """
    A report is the whole truth of its source: what it names is there, what it names no more is fixed.

    The same report again changes only when things were last seen.

    :raises ReportUnreadable: too large, not JSON, or not what this tool writes; `reason` says where
    """
    reading, now = read(tool, raw), clock.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORTER])
        known = {
            (finding.identifier, finding.place): finding
            for finding in Finding.objects.filter(source=reading.source)
        }
        new = [_note(reading.source, seen, known, now=now) for seen in reading.observations].count(True)
        fixed = _settle_absent(reading, now=now)
        report = ScanReport.objects.create(
            tool=tool,
            source=reading.source,
            file_name=file_name[:128],
            digest=hashlib.sha256(raw).digest(),
            imported_at=now,
            imported_by_id=by_id,
            seen=len(reading.observations),
            new=new,
            fixed=fixed,
        )
        record_audit(
            action="compliance.scan.imported",
            subject=f"scan:{report.pk}",
            facts={"source": report.source, "seen": report.seen, "new": new, "fixed": fixed},
        )
    return report


def accept_finding(*, finding_id: int, reason: str, until: date, by_id: int) -> None:
    """
    Live with it until a day, for a reason that is written down.

    :raises AcceptanceTooLong: past, or more than a year away
    """
    today = clock.business_day(clock.now())
    if not today < until <= today + LONGEST_ACCEPTANCE:
        raise AcceptanceTooLong(latest=(today + LONGEST_ACCEPTANCE).isoformat())
    with transaction.atomic():
        Finding.objects.filter(pk=finding_id).exclude(state=FindingState.FIXED).update(
            state=FindingState.ACCEPTED, accepted_reason=reason, accepted_until=until, accepted_by_id=by_id
        )
        record_audit(
            action="compliance.finding.accepted",
            subject=f"finding:{finding_id}",
            facts={"reason": reason, "until": until.isoformat()},
        )


def reopen_lapsed_findings(*, today: date) -> int:
    """Those whose acceptance has run out; returns how many."""
    lapsed = Finding.objects.filter(state=FindingState.ACCEPTED, accepted_until__lt=today)
    return lapsed.update(**_unaccepted(FindingState.OPEN))


def read(tool: Tool, raw: bytes) -> Reading:
    """
    What a report says, without taking it in.

    :raises ReportUnreadable: too large, not JSON, or not what this tool writes
    """
    if len(raw) > LARGEST:
        raise ReportUnreadable(reason=f"more than {LARGEST // 1024 // 1024} MB")
    try:
        return read_report(tool, json.loads(raw), root=str(BASE_DIR))
    except Unreadable as error:
        raise ReportUnreadable(reason=str(error)) from None
    except (ValueError, RecursionError):
        raise ReportUnreadable(reason="not JSON") from None


def _note(source: str, seen: Observation, known: dict[tuple[str, str], Finding], *, now: datetime) -> bool:
    """True: nobody knew of it."""
    finding = known.get((seen.identifier, seen.place))
    is_new = finding is None
    if finding is None:
        finding = Finding(source=source, identifier=seen.identifier, place=seen.place, first_seen_at=now)
    elif finding.state == FindingState.FIXED or seen.count > finding.count:
        for name, value in _unaccepted(FindingState.OPEN).items():
            setattr(finding, name, value)
    finding.title, finding.severity, finding.count = seen.title, seen.severity, seen.count
    finding.detail, finding.fixed_version = seen.detail, seen.fixed_version
    finding.last_seen_at = now
    finding.save()
    return is_new


def _settle_absent(reading: Reading, *, now: datetime) -> int:
    """Everything of this source that was not seen just now."""
    gone = Finding.objects.filter(source=reading.source, last_seen_at__lt=now)
    return gone.exclude(state=FindingState.FIXED).update(**_unaccepted(FindingState.FIXED))


def _unaccepted(state: FindingState) -> dict[str, object]:
    return {"state": state, "accepted_reason": "", "accepted_until": None, "accepted_by_id": None}
