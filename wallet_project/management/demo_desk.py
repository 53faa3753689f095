"""The demo's compliance desk: licences, risks and trainings of a small shop, some of them due."""

from datetime import date, timedelta
from typing import Any

from accounts.models import User
from wallet_project.compliance.models import (
    Checklist,
    Licence,
    RiskAssessment,
    TrainingCourse,
    TrainingRecord,
)
from wallet_project.compliance.selectors.retention import kinds_to_clear
from wallet_project.compliance.services.checklists import open_due_runs
from wallet_project.compliance.services.reminders import send_reminders
from wallet_project.compliance.services.retention import clear_outdated

# Name, authority, number, scope, days until it ends; nothing: it does not.
LICENCES = [
    ("营业执照", "市场监督管理局", "91310000DEMO00001X", "餐饮服务、食品销售", None),
    ("单用途商业预付卡备案", "商务局", "310000DEMO2025012", "本店及连锁门店消费", 24),
    ("食品经营许可证", "市场监督管理局", "JY13100000000001", "预包装食品、餐饮", 410),
]
RISKS: list[dict[str, Any]] = [
    {
        "title": "短信验证码被批量请求",
        "scope": "登录与绑定手机的验证码",
        "likelihood": 4,
        "impact": 3,
        "treatment": RiskAssessment.Treatment.REDUCE,
        "measures": "按号码、设备和地址限频；异常时停发并告警",
    },
    {
        "title": "实名信息处理",
        "kind": RiskAssessment.Kind.PRIVACY,
        "scope": "姓名、身份证号的收集、核验与保存",
        "likelihood": 2,
        "impact": 5,
        "treatment": RiskAssessment.Treatment.REDUCE,
        "measures": "单独同意；按人加密；后台默认掩码；到期清理",
    },
]
TAKEN = {"个人信息保护": 40, "信息安全意识": 350}  # days ago; the third course has still to be taken


def furnish_desk(*, owner: User, colleagues: list[User], today: date) -> None:
    """`owner` answers for everything. Harmless when repeated."""
    for name, authority, number, scope, days in LICENCES:
        Licence.objects.get_or_create(
            authority=authority,
            number=number,
            defaults={
                "name": name,
                "scope": scope,
                "valid_from": date(2024, 1, 1),
                "valid_until": None if days is None else today + timedelta(days=days),
                "document": f"档案柜 A，{name}",
                "owner": owner,
            },
        )
    for risk in RISKS:
        dates = {"assessed_on": today, "review_on": today + timedelta(days=365)}
        RiskAssessment.objects.get_or_create(title=risk["title"], defaults={**risk, **dates, "owner": owner})
    for course in TrainingCourse.objects.filter(title__in=TAKEN):
        for person in colleagues:
            if not TrainingRecord.objects.filter(course=course, person=person).exists():
                taken_on = today - timedelta(days=TAKEN[course.title])
                record = TrainingRecord(course=course, person=person, taken_on=taken_on, score=90)
                record.decide()
                record.save()
    Checklist.objects.filter(owner=None).update(owner=owner)
    open_due_runs(today=today)
    send_reminders()
    for kind in kinds_to_clear():
        clear_outdated(kind=kind)
