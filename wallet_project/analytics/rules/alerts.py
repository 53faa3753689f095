"""What staff are alerted of, how loudly, and how often at most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import IntegerChoices, TextChoices


class Severity(IntegerChoices):
    INFO = 1, "提示"  # stands on the pages of the desk
    WARNING = 2, "警告"  # is also told to the group
    CRITICAL = 3, "严重"  # wakes whoever is on call


class AlertCode(TextChoices):
    CALLBACKS_FORGED = "CALLBACKS_FORGED", "伪造回调"
    CALLBACKS_FAILING = "CALLBACKS_FAILING", "回调处理失败"
    LEDGER_DRIFTED = "LEDGER_DRIFTED", "账务不符"
    FLOW_PAUSED = "FLOW_PAUSED", "业务自动暂停"
    CLOSE_LATE = "CLOSE_LATE", "日结延误"
    CLOSE_DIFFERENCES = "CLOSE_DIFFERENCES", "日结差异"
    CASES_OVERDUE = "CASES_OVERDUE", "异常逾期"
    CAMPAIGN_BUDGET = "CAMPAIGN_BUDGET", "活动预算"
    SHOP_NOTIFICATION_DIED = "SHOP_NOTIFICATION_DIED", "商城通知失败"
    DEAD_LETTERS = "DEAD_LETTERS", "死信"
    OUTBOX_SLOW = "OUTBOX_SLOW", "事件投递延迟"
    PROCESS_SILENT = "PROCESS_SILENT", "进程无响应"
    JOB_LATE = "JOB_LATE", "定时任务未执行"
    EVENTS_UNREAD = "EVENTS_UNREAD", "事件未能读取"
    WATCH_FAILED = "WATCH_FAILED", "监测失败"
    CIRCUIT_OPEN = "CIRCUIT_OPEN", "外部接口熔断"
    EMERGENCY = "EMERGENCY", "紧急事件"
    TICKET_ESCALATED = "TICKET_ESCALATED", "工单升级"
    HOLIDAYS_MISSING = "HOLIDAYS_MISSING", "节假日未录入"
    ANOMALY = "ANOMALY", "指标异常"
    DEADLINE = "DEADLINE", "合规期限"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What an alert is raised of; see services/alerts.raise_alert."""

    code: AlertCode
    about: str
    severity: Severity
    title: str
    facts: Mapping[str, str]
    link: str = ""


class AlertChannel(TextChoices):
    WEBHOOK = "WEBHOOK", "群机器人"
    SMS = "SMS", "短信"


# The setting that says where each of them leads; an empty one is not used.
ADDRESSES: Mapping[AlertChannel, str] = {
    AlertChannel.WEBHOOK: "ALERT_WEBHOOK_URL",
    AlertChannel.SMS: "ALERT_PHONES",
}

TOLD_BY: Mapping[Severity, Sequence[AlertChannel]] = {
    Severity.INFO: (),
    Severity.WARNING: (AlertChannel.WEBHOOK,),
    Severity.CRITICAL: (AlertChannel.WEBHOOK, AlertChannel.SMS),
}

# So many messages in a clock hour, of each severity: warnings cannot drown what is critical. What comes after
# them is told in one message when the hour is over.
AN_HOUR: Mapping[AlertChannel, int] = {AlertChannel.WEBHOOK: 20, AlertChannel.SMS: 5}
SUMMED_UP = 10  # titles in such a message

# How long after a try that failed the next one is made; after the last one it is given up.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900, 1800, 3600))


def next_try(tries: int) -> timedelta | None:
    """After so many tries; None: that was the last one."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None


def clip(text: str, *, most_bytes: int) -> str:
    """As much of it as fits in so many bytes of UTF-8, whole characters."""
    encoded = text.encode()
    if len(encoded) <= most_bytes:
        return text
    return encoded[: most_bytes - len("…".encode())].decode(errors="ignore") + "…"
