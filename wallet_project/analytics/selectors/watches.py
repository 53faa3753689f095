"""What is wrong as long as it lasts: each watch looks once a minute; what it no longer sees is settled."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.urls import reverse

from feedback.selectors.calendars import years_to_enter
from feedback.selectors.escalations import pressing
from payments.selectors.cases import case_figures
from payments.selectors.receipts import unhandled_since
from wallet_project.analytics.models import UnreadEvent
from wallet_project.analytics.rules.alerts import AlertCode, Severity, Trouble
from wallet_project.kit import backlog, clock, schedule
from wallet_project.kit.circuits import open_circuits
from wallet_project.kit.models import Heartbeat
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

PATIENCE = timedelta(minutes=5)
LIFE = timedelta(minutes=2)

_PROCESSES = {"relay": "事件投递进程", "worker": "后台任务进程", "wechat": "微信任务进程"}

Watch = Callable[[datetime], Iterator[Trouble]]


def overdue_cases(at: datetime) -> Iterator[Trouble]:
    late = [each for each in case_figures(at=at) if each.overdue]
    if late:
        yield Trouble(
            code=AlertCode.CASES_OVERDUE,
            about="cases",
            severity=Severity.WARNING,
            title=f"有 {sum(each.overdue for each in late)} 条支付异常已逾期",
            facts={each.title: f"{each.overdue} 条" for each in late},
            link=f"{reverse('admin:payments_exceptioncase_changelist')}?open=late",
        )


def callbacks_not_acted_on(at: datetime) -> Iterator[Trouble]:
    """While they are paused they wait because people want it."""
    waiting = 0 if is_paused(Flow.CALLBACKS) else unhandled_since(at - PATIENCE)
    if waiting:
        yield Trouble(
            code=AlertCode.CALLBACKS_FAILING,
            about="callbacks",
            severity=Severity.CRITICAL,
            title=f"{waiting} 个回调收到超过 5 分钟仍未处理",
            facts={"影响": "付款、退款或转账的结果没有入账；主动查询仍在进行"},
            link=f"{reverse('admin:payments_callbackreceipt_changelist')}?state__exact=RECEIVED",
        )


def dead_letters(_at: datetime) -> Iterator[Trouble]:
    for about, words, counted, page in (
        ("deliveries", "条事件投递", backlog.deliveries().dead, "kit_delivery"),
        ("jobs", "个后台任务", backlog.jobs().dead, "kit_job"),
    ):
        if counted:
            yield Trouble(
                code=AlertCode.DEAD_LETTERS,
                about=about,
                severity=Severity.WARNING,
                title=f"{sum(counted.values())} {words}多次失败后停止",
                facts={name: f"{number} 次" for name, number in sorted(counted.items())},
                link=f"{reverse(f'admin:{page}_changelist')}?state__exact=DEAD",
            )


def slow_outbox(at: datetime) -> Iterator[Trouble]:
    found = backlog.deliveries()
    if found.oldest and found.oldest < at - PATIENCE:
        yield Trouble(
            code=AlertCode.OUTBOX_SLOW,
            about="deliveries",
            severity=Severity.CRITICAL,
            title="事件投递积压超过 5 分钟",
            facts={"最早应投递": clock.in_words(found.oldest), "待投递": f"{found.waiting} 条"},
            link=f"{reverse('admin:kit_delivery_changelist')}?state__exact=WAITING",
        )


def silent_processes(at: datetime) -> Iterator[Trouble]:
    for silent in Heartbeat.objects.filter(at__lt=at - LIFE, name__in=_PROCESSES):
        yield Trouble(
            code=AlertCode.PROCESS_SILENT,
            about=f"process:{silent.name}",
            severity=Severity.CRITICAL,
            title=f"{_PROCESSES[silent.name]}没有响应",
            facts={"最近心跳": clock.in_words(silent.at)},
        )


def resting_apis(_at: datetime) -> Iterator[Trouble]:
    for resting in open_circuits():
        yield Trouble(
            code=AlertCode.CIRCUIT_OPEN,
            about=resting["api"][-64:],
            severity=Severity.WARNING,
            title="外部接口连续失败，已暂停请求",
            facts={"接口": resting["api"], "原因": resting["reason"]},
        )


def late_jobs(at: datetime) -> Iterator[Trouble]:
    for late in schedule.late_jobs(at):
        yield Trouble(
            code=AlertCode.JOB_LATE,
            about=f"job:{late.name}",
            severity=Severity.WARNING,
            title=f"定时任务“{late.words}”没有按时完成",
            facts={
                "应完成": clock.in_words(late.due),
                "最近完成": clock.in_words(late.last_run) if late.last_run else "从未",
            },
            link=reverse("admin:kit_scheduledjob_changelist"),
        )


def unread_events(_at: datetime) -> Iterator[Trouble]:
    unread = Counter(UnreadEvent.objects.values_list("name", flat=True))
    if unread:
        yield Trouble(
            code=AlertCode.EVENTS_UNREAD,
            about="events",
            severity=Severity.WARNING,
            title=f"{unread.total()} 个业务事件统计时无法读取，已搁置",
            facts={name: f"{number} 个" for name, number in sorted(unread.items())},
        )


def pressing_tickets(_at: datetime) -> Iterator[Trouble]:
    tickets = pressing()
    if tickets:
        yield Trouble(
            code=AlertCode.TICKET_ESCALATED,
            about="tickets",
            severity=Severity.WARNING,
            title=f"{tickets} 张工单已升级，等待处理",
            facts={"范围": "已升级到客服经理，或为紧急工单"},
            link=f"{reverse('admin:feedback_escalation_changelist')}?open=yes",
        )


def missing_holidays(at: datetime) -> Iterator[Trouble]:
    """From the month in which a year's notice usually comes; from December on it is pressing."""
    today = clock.business_day(at)
    for year in years_to_enter(today):
        is_pressing = year == today.year or today.month == 12
        yield Trouble(
            code=AlertCode.HOLIDAYS_MISSING,
            about=f"special_days:{year}",
            severity=Severity.WARNING if is_pressing else Severity.INFO,
            title=f"{year} 年的节假日安排还没有录入",
            facts={"影响": "在此之前，工单时限只按周末休息计算", "依据": "国务院办公厅的年度通知"},
            link=reverse("admin:feedback_specialdays_changelist"),
        )


WATCHES: dict[AlertCode, Watch] = {
    AlertCode.CASES_OVERDUE: overdue_cases,
    AlertCode.CALLBACKS_FAILING: callbacks_not_acted_on,
    AlertCode.DEAD_LETTERS: dead_letters,
    AlertCode.OUTBOX_SLOW: slow_outbox,
    AlertCode.PROCESS_SILENT: silent_processes,
    AlertCode.JOB_LATE: late_jobs,
    AlertCode.EVENTS_UNREAD: unread_events,
    AlertCode.CIRCUIT_OPEN: resting_apis,
    AlertCode.TICKET_ESCALATED: pressing_tickets,
    AlertCode.HOLIDAYS_MISSING: missing_holidays,
}
