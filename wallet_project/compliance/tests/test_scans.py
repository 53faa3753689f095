"""Reports of four formats become findings that live as long as they are found."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import User
from wallet_project.compliance.errors import AcceptanceTooLong, ReportUnreadable
from wallet_project.compliance.models import Finding, ScanReport
from wallet_project.compliance.rules.scans import Severity, Tool
from wallet_project.compliance.selectors.findings import open_by_severity_and_age
from wallet_project.compliance.services.scans import (
    LARGEST,
    accept_finding,
    import_report,
    reopen_lapsed_findings,
)
from wallet_project.compliance.tests.factories import plain_report
from wallet_project.kit import clock
from wallet_project.settings.env import BASE_DIR

pytestmark = pytest.mark.django_db

PIP_AUDIT = {
    "dependencies": [
        {"name": "good", "version": "1.0", "vulns": []},
        {"name": "private", "skip_reason": "not on PyPI"},
        {
            "name": "weak",
            "version": "2.1",
            "vulns": [
                {
                    "id": "PYSEC-1",
                    "fix_versions": ["2.2", "3.0"],
                    "aliases": [],
                    "description": "Reads\nfiles",
                }
            ],
        },
    ],
    "fixes": [],
}


PLAIN = {"id": "1", "place": "/", "severity": "LOW", "title": "x"}


def bandit(*lines: int) -> dict:
    return {
        "errors": [],
        "generated_at": "2026-11-21T00:00:00Z",
        "metrics": {},
        "results": [
            {
                "test_id": "B608",
                "filename": "./wallet/x.py",
                "issue_text": "Possible SQL injection",
                "issue_severity": "MEDIUM",
                "issue_confidence": "LOW",
                "line_number": line,
                "code": "1 …",
            }
            for line in lines
        ],
    }


def ruff(place: str) -> list:
    return [
        {
            "code": "S608",
            "filename": place,
            "message": "Possible SQL injection",
            "location": {"row": 3, "column": 1},
            "fix": None,
        }
    ]


def take_in(tool: Tool, document: object) -> ScanReport:
    return import_report(tool=tool, raw=json.dumps(document).encode(), file_name="r.json", by_id=None)


def only(**wanted: object) -> Finding:
    return Finding.objects.get(**wanted)


def test_pip_audit_names_the_package_and_what_repairs_it():
    report = take_in(Tool.PIP_AUDIT, PIP_AUDIT)

    found = only(source="pip-audit")
    assert (report.seen, report.new, report.fixed) == (1, 1, 0)
    assert (found.identifier, found.place, found.detail) == ("PYSEC-1", "weak", "2.1")
    assert (found.fixed_version, found.severity, found.title) == ("2.2, 3.0", "HIGH", "Reads files")


def test_a_rule_broken_twice_in_a_file_is_one_finding_with_both_lines():
    take_in(Tool.BANDIT, bandit(3, 40))

    found = only(source="bandit")
    assert (found.place, found.count, found.detail) == ("wallet/x.py", 2, "第 3 行, 第 40 行")


def test_ruff_tells_places_from_the_folder_of_the_source():
    take_in(Tool.RUFF, ruff(f"{BASE_DIR}/wallet/x.py"))

    assert only(source="ruff").place == "wallet/x.py"


def test_the_same_report_again_doubles_nothing_and_moves_only_the_last_sight():
    take_in(Tool.BANDIT, bandit(3))
    first = only(source="bandit")

    with time_machine.travel(clock.now() + timedelta(days=3)):
        again = take_in(Tool.BANDIT, bandit(17))

    found = only(source="bandit")
    assert (again.seen, again.new, again.fixed) == (1, 0, 0)
    assert found.first_seen_at == first.first_seen_at
    assert found.last_seen_at > first.last_seen_at
    assert found.detail == "第 17 行"


def test_what_is_found_no_more_is_fixed_and_what_returns_is_open_again_with_its_age():
    take_in(Tool.BANDIT, bandit(3))
    take_in(Tool.PIP_AUDIT, PIP_AUDIT)
    born = only(source="bandit").first_seen_at

    assert take_in(Tool.BANDIT, bandit()).fixed == 1
    assert only(source="bandit").state == "FIXED"
    assert only(source="pip-audit").state == "OPEN"

    take_in(Tool.BANDIT, bandit(3))
    assert (only(source="bandit").state, only(source="bandit").first_seen_at) == ("OPEN", born)


def test_an_accepted_finding_opens_again_when_its_day_has_come_or_when_it_grows():
    officer = User.objects.create_superuser("he", "a long enough password")
    take_in(Tool.BANDIT, bandit(3))
    found, today = only(source="bandit"), clock.business_day(clock.now())
    acceptance = {
        "finding_id": found.pk,
        "reason": "只拼常量",
        "until": today + timedelta(days=30),
        "by_id": officer.pk,
    }

    accept_finding(**acceptance)
    take_in(Tool.BANDIT, bandit(9))
    assert only(pk=found.pk).state == "ACCEPTED"
    take_in(Tool.BANDIT, bandit(3, 9))
    assert (only(pk=found.pk).state, only(pk=found.pk).accepted_reason) == ("OPEN", "")

    accept_finding(**acceptance)
    assert reopen_lapsed_findings(today=today + timedelta(days=30)) == 0
    assert reopen_lapsed_findings(today=today + timedelta(days=31)) == 1
    for until in (today, today + timedelta(days=366)):
        with pytest.raises(AcceptanceTooLong):
            accept_finding(**acceptance | {"until": until})
    assert only(pk=found.pk).state == "OPEN"


@pytest.mark.parametrize(
    ("tool", "raw"),
    [
        (Tool.BANDIT, b"not json"),
        (Tool.BANDIT, b"\xff\xfe"),
        (Tool.BANDIT, b"[" * 100_000),
        (Tool.BANDIT, json.dumps(PIP_AUDIT).encode()),
        (Tool.PIP_AUDIT, json.dumps(bandit(1)).encode()),
        (Tool.RUFF, b"{}"),
        (Tool.GENERIC, b'{"tool": "zap"}'),
        (Tool.GENERIC, plain_report("zap", PLAIN | {"severity": "worst"})),
        (Tool.GENERIC, plain_report("zap", PLAIN | {"title": 7})),
        (Tool.GENERIC, plain_report("zap", PLAIN | {"colour": "red"})),
        (Tool.GENERIC, b" " * (LARGEST + 1)),
    ],
)
def test_what_is_no_report_changes_nothing(tool, raw):
    with pytest.raises(ReportUnreadable):
        import_report(tool=tool, raw=raw, file_name="r.json", by_id=None)

    assert not ScanReport.objects.exists()
    assert not Finding.objects.exists()


def test_signs_that_a_database_or_a_page_cannot_hold_become_blanks():
    finding = {"id": "1", "place": "a\u0000b", "severity": "LOW", "title": "x\u202ey\ud800z"}

    import_report(tool=Tool.GENERIC, raw=plain_report("zap", finding), file_name="r.json", by_id=None)

    assert (only(source="zap").place, only(source="zap").title) == ("a b", "x y z")


def test_a_report_comes_in_by_command_and_by_upload(tmp_path, client):
    file = tmp_path / "bandit.json"
    file.write_text(json.dumps(bandit(3)))
    call_command("import_scan", "bandit", str(file))
    with pytest.raises(CommandError):
        call_command("import_scan", "ruff", str(file))
    client.force_login(User.objects.create_superuser("he", "a long enough password"))
    page = reverse("admin:compliance_scanreport_add")

    wrong = client.post(page, {"tool": "pip-audit", "report": BytesIO(b"{}")})
    right = client.post(page, {"tool": "bandit", "report": BytesIO(json.dumps(bandit()).encode())})

    assert "不是所选工具" in wrong.content.decode()
    assert right.status_code == 302
    assert ScanReport.objects.count() == 2
    assert ScanReport.objects.latest("pk").imported_by.username == "he"
    assert only(source="bandit").state == "FIXED"


def test_open_findings_are_counted_by_severity_and_age():
    take_in(Tool.BANDIT, bandit(3))
    take_in(Tool.PIP_AUDIT, PIP_AUDIT)
    Finding.objects.filter(source="bandit").update(first_seen_at=clock.now() - timedelta(days=40))

    counted = open_by_severity_and_age(now=clock.now())

    assert counted == {
        Severity.HIGH: [1, 0, 0, 0],
        Severity.MEDIUM: [0, 0, 1, 0],
        Severity.LOW: [0, 0, 0, 0],
    }
