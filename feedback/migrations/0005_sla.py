"""What is promised from the first day on, and when people are at work."""

from datetime import date, datetime, time

from django.db import migrations


from wallet_project.kit.clock import SHANGHAI
from wallet_project.kit.migrating import first_rows

_SINCE = datetime(2026, 1, 1, tzinfo=SHANGHAI)
_DAILY = [1, 2, 3, 4, 5, 6, 7]
_CALENDARS = (
    ("office", "客服工作时间", [1, 2, 3, 4, 5], time(9), time(18), True),
    ("always", "全天候", _DAILY, time(), time(), False),
)

# 国务院办公厅关于2026年部分节假日安排的通知, 2025-11-04.
_DAYS_OF_2026 = (
    ("元旦", "2026-01-01", "2026-01-03", False),
    ("元旦", "2026-01-04", "2026-01-04", True),
    ("春节", "2026-02-14", "2026-02-14", True),
    ("春节", "2026-02-15", "2026-02-23", False),
    ("春节", "2026-02-28", "2026-02-28", True),
    ("清明节", "2026-04-04", "2026-04-06", False),
    ("劳动节", "2026-05-01", "2026-05-05", False),
    ("劳动节", "2026-05-09", "2026-05-09", True),
    ("端午节", "2026-06-19", "2026-06-21", False),
    ("国庆节", "2026-09-20", "2026-09-20", True),
    ("中秋节", "2026-09-25", "2026-09-27", False),
    ("国庆节", "2026-10-01", "2026-10-07", False),
    ("国庆节", "2026-10-10", "2026-10-10", True),
)

# Minutes to the first reply, each next reply and the solution. Emergencies do not wait for the morning, and
# WeChat counts a complaint's 24 hours to the first answer and 72 to its end whatever the day.
_POLICIES = (
    ("", None, "office", 120, 240, 16 * 60, True),
    ("", 1, "office", 30, 60, 8 * 60, True),
    ("", 3, "office", 8 * 60, 8 * 60, 40 * 60, True),
    ("SUGGESTION", None, "office", 16 * 60, 16 * 60, 80 * 60, True),
    ("COMPLAINT", None, "always", 24 * 60, 24 * 60, 72 * 60, False),
    ("", 0, "always", 15, 30, 4 * 60, False),
    ("COMPLAINT", 0, "always", 15, 30, 4 * 60, False),
)

_STEPS = (
    ("确认影响范围：多少顾客、多少金额、从何时开始", 10),
    ("联系值班技术和财务，必要时按下暂停开关", 15),
    ("定下对顾客的统一口径，并写进快捷回复", 20),
    ("回复所有已提交的相关工单", 30),
    ("每半小时更新一次进展，直到恢复", 60),
    ("核对账目，确认没有少记、多记、重复记的款项", 240),
    ("逐一回访受影响的顾客，约定补救", 480),
    ("写下根因、改进措施和责任人", 2880),
)


def _policies(apps):
    calendars = dict(apps.get_model("feedback", "BusinessCalendar").objects.values_list("code", "pk"))
    for kind, priority, calendar, first_reply, next_reply, solve, pauses in _POLICIES:
        yield {
            "kind": kind,
            "priority": priority,
            "calendar_id": calendars[calendar],
            "first_reply": first_reply,
            "next_reply": next_reply,
            "solve": solve,
            "pauses": pauses,
            "effective_from": _SINCE,
        }


class Migration(migrations.Migration):
    dependencies = [("feedback", "0004_first_survey")]

    operations = [
        first_rows(
            "feedback.BusinessCalendar",
            lambda _apps: (
                {
                    "code": code,
                    "name": name,
                    "weekdays": weekdays,
                    "opens": opens,
                    "closes": closes,
                    "keeps_holidays": keeps_holidays,
                }
                for code, name, weekdays, opens, closes, keeps_holidays in _CALENDARS
            ),
        ),
        first_rows(
            "feedback.SpecialDays",
            lambda _apps: (
                {
                    "year": 2026,
                    "name": name,
                    "first_day": date.fromisoformat(first),
                    "last_day": date.fromisoformat(last),
                    "works": works,
                }
                for name, first, last, works in _DAYS_OF_2026
            ),
        ),
        first_rows("feedback.SlaPolicy", _policies),
        first_rows(
            "feedback.IncidentStep",
            lambda _apps: (
                {"position": position, "text": text, "within_minutes": minutes}
                for position, (text, minutes) in enumerate(_STEPS, start=1)
            ),
        ),
    ]
