"""A desk with one row of everything."""

import json
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from wallet_project.compliance.models import (
    Checklist,
    ChecklistItem,
    Licence,
    RiskAssessment,
    TrainingCourse,
    TrainingRecord,
)
from wallet_project.compliance.rules.scans import Tool
from wallet_project.compliance.services.checklists import open_due_runs
from wallet_project.compliance.services.scans import import_report


def new_licence(owner: User, *, number: str, until: date | None, **fields: Any) -> Licence:
    return Licence.objects.create(
        **{
            "name": "单用途预付卡备案",
            "authority": "商务局",
            "number": number,
            "scope": "本店消费",
            "valid_from": date(2025, 1, 1),
            "valid_until": until,
            "document": "档案 12-3",
            "owner": owner,
            **fields,
        }
    )


def new_checklist(*, title: str, next_on: date, owner: User | None = None) -> Checklist:
    """Every three months, ten days, two items."""
    checklist = Checklist.objects.create(
        title=title, basis="制度", cycle_months=3, days_to_do=10, next_on=next_on, owner=owner
    )
    ChecklistItem.objects.create(checklist=checklist, position=1, text="账号都有使用人", evidence_hint="清单")
    ChecklistItem.objects.create(checklist=checklist, position=2, text="离职账号已停用")
    return checklist


def plain_report(source: str, *findings: dict[str, str]) -> bytes:
    return json.dumps({"tool": source, "findings": findings}).encode()


def furnish_desk(owner: User, *, mark: str, today: date) -> None:
    new_licence(owner, number=mark, until=today + timedelta(days=20))
    new_checklist(title=f"权限复核 {mark}", next_on=today, owner=owner)
    open_due_runs(today=today)
    RiskAssessment.objects.create(
        title="短信被刷",
        scope="登录",
        likelihood=4,
        impact=4,
        treatment="REDUCE",
        measures="限频",
        owner=owner,
        assessed_on=today,
        review_on=today + timedelta(days=365),
    )
    course = TrainingCourse.objects.create(title=f"支付安全 {mark}", basis="制度")
    record = TrainingRecord(course=course, person=owner, taken_on=today, score=90)
    record.decide()
    record.save()
    finding = {"id": "CVE-1", "place": "package", "severity": "HIGH", "title": "weak"}
    import_report(
        tool=Tool.GENERIC, raw=plain_report(f"t{mark}", finding), file_name="r.json", by_id=owner.pk
    )
